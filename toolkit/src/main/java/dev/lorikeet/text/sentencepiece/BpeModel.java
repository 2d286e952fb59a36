package dev.lorikeet.text.sentencepiece;

import dev.lorikeet.text.sentencepiece.SentencePieceModel.Piece;
import dev.lorikeet.text.sentencepiece.SentencePieceModel.PieceType;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * SentencePiece's byte pair encoding: characters are merged pair by pair, the pair that makes the piece with the highest score
 * first, of equals the leftmost (Sennrich et al. 2016). Takes n log n steps.
 */
public final class BpeModel implements Segmentation {

    /** Pieces by their ids; characters that only occur within pieces have numbers after those. */
    private final Map<String, Integer> symbols = new HashMap<>();

    private final PairTable pairs = new PairTable();

    /** The place of each piece's score among all scores, the highest first. */
    private final int[] ranks;

    private final int size;

    public BpeModel(List<Piece> pieces) {
        size = pieces.size();
        ranks = ranks(pieces);
        for (int id = 0; id < size; id++) {
            if (pieces.get(id).kind() == PieceType.NORMAL) {
                symbols.putIfAbsent(pieces.get(id).text(), id);
            }
        }
        for (int id = 0; id < size; id++) {
            if (pieces.get(id).kind() == PieceType.NORMAL) {
                addPairs(pieces.get(id).text(), id);
            }
        }
    }

    private static int[] ranks(List<Piece> pieces) {
        double[] scores = pieces.stream()
                .mapToDouble(piece -> -piece.score())
                .distinct()
                .sorted()
                .toArray();
        return pieces.stream()
                .mapToInt(piece -> Arrays.binarySearch(scores, -piece.score()))
                .toArray();
    }

    private void addPairs(String piece, int id) {
        piece.codePoints().forEach(point -> symbols.putIfAbsent(Character.toString(point), size + symbols.size()));
        for (int cut = 1; cut < piece.length(); cut++) {
            Integer left = symbols.get(piece.substring(0, cut));
            Integer right = symbols.get(piece.substring(cut));
            if (left != null && right != null) {
                pairs.put(left, right, id);
            }
        }
    }

    @Override
    public void segment(String text, PieceConsumer pieces) {
        new Chain(text).merge().give(pieces);
    }

    /** The symbols of a text, each with its neighbours. */
    private final class Chain {

        private final int[] starts;
        private final int[] symbol;
        private final int[] next;
        private final int[] previous;
        private final int count;
        private final int length;
        private final LongHeap candidates = new LongHeap();

        Chain(String text) {
            length = text.length();
            starts = new int[length];
            symbol = new int[length];
            next = new int[length];
            previous = new int[length];
            int symbolCount = 0;
            for (int at = 0; at < length; symbolCount++) {
                int width = Character.charCount(text.codePointAt(at));
                starts[symbolCount] = at;
                symbol[symbolCount] = symbols.getOrDefault(text.substring(at, at + width), NONE);
                next[symbolCount] = symbolCount + 1;
                previous[symbolCount] = symbolCount - 1;
                at += width;
            }
            count = symbolCount;
        }

        Chain merge() {
            for (int i = 0; i + 1 < count; i++) {
                propose(i);
            }
            while (!candidates.isEmpty()) {
                long candidate = candidates.poll();
                int left = (int) candidate;
                int right = next[left];
                int piece = merged(left, right);
                // Its pair may have been merged otherwise since; what it became then is a candidate of its own.
                if (piece != NONE && ranks[piece] == candidate >>> 32) {
                    symbol[left] = piece;
                    symbol[right] = NONE;
                    next[left] = next[right];
                    next[right] = count;
                    if (next[left] < count) {
                        previous[next[left]] = left;
                        propose(left);
                    }
                    if (previous[left] >= 0) {
                        propose(previous[left]);
                    }
                }
            }
            return this;
        }

        private int merged(int left, int right) {
            return right < count ? pairs.get(symbol[left], symbol[right]) : NONE;
        }

        private void propose(int left) {
            int piece = merged(left, next[left]);
            if (piece != NONE) {
                candidates.add((long) ranks[piece] << 32 | left);
            }
        }

        void give(PieceConsumer pieces) {
            for (int i = 0; i < count; i = next[i]) {
                int end = next[i] < count ? starts[next[i]] : length;
                pieces.accept(symbol[i] < size ? symbol[i] : NONE, starts[i], end);
            }
        }
    }
}
