package dev.lorikeet.text.sentencepiece;

import dev.lorikeet.text.sentencepiece.SentencePieceModel.Piece;
import dev.lorikeet.text.sentencepiece.SentencePieceModel.PieceType;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** SentencePiece's unigram model: of all segmentations of a text the one with the highest sum of scores (Kudo 2018). */
public final class UnigramModel implements Segmentation {

    /** The score of a character that is no piece lies this much below the lowest piece. */
    private static final float UNKNOWN_PENALTY = 10;

    private final Map<String, Integer> ids = new HashMap<>();
    private final float[] scores;
    private final float unknown;
    private final int longest;

    public UnigramModel(List<Piece> pieces) {
        scores = new float[pieces.size()];
        float lowest = Float.MAX_VALUE;
        int most = 1;
        for (int id = 0; id < scores.length; id++) {
            Piece piece = pieces.get(id);
            if (piece.kind() == PieceType.NORMAL) {
                scores[id] = piece.score();
                ids.putIfAbsent(piece.text(), id);
                lowest = Math.min(lowest, piece.score());
                most = Math.max(most, piece.text().length());
            }
        }
        unknown = lowest - UNKNOWN_PENALTY;
        longest = most;
    }

    @Override
    public void segment(String text, PieceConsumer pieces) {
        float[] best = new float[text.length() + 1];
        int[] from = new int[best.length];
        int[] piece = new int[best.length];
        Arrays.fill(from, -1);
        for (int start = 0; start < text.length(); ) {
            int width = Character.charCount(text.codePointAt(start));
            boolean single = false;
            for (int end = start + width; end <= Math.min(text.length(), start + longest); end++) {
                Integer id = ids.get(text.substring(start, end));
                if (id != null) {
                    reach(start, end, id, best[start] + scores[id], best, from, piece);
                    single |= end == start + width;
                }
            }
            if (!single) {
                reach(start, start + width, NONE, best[start] + unknown, best, from, piece);
            }
            start += width;
        }
        give(text.length(), from, piece, pieces);
    }

    private static void reach(int start, int end, int id, float score, float[] best, int[] from, int[] piece) {
        if (from[end] < 0 || score > best[end]) {
            best[end] = score;
            from[end] = start;
            piece[end] = id;
        }
    }

    private static void give(int length, int[] from, int[] piece, PieceConsumer pieces) {
        int[] ends = new int[length];
        int count = 0;
        for (int end = length; end > 0; end = from[end]) {
            ends[count++] = end;
        }
        for (int i = count - 1; i >= 0; i--) {
            pieces.accept(piece[ends[i]], from[ends[i]], ends[i]);
        }
    }
}
