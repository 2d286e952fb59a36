package dev.lorikeet.text;

import dev.lorikeet.base.BadFileException;
import dev.lorikeet.text.SentencePieceModel.Algorithm;
import dev.lorikeet.text.SentencePieceModel.Kind;
import dev.lorikeet.text.SentencePieceModel.Piece;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A SentencePiece vocabulary. Tokens that the model reserves are recognised in the text, and after each one text begins anew,
 * with a space before it where the model puts one; decoding leaves that space out again.
 */
final class SentencePieceTokenizer extends AbstractTokenizer {

    private final SentencePieceModel model;
    private final Segmentation segmentation;
    private final boolean prefixEverywhere;

    /** The reserved tokens; null without any. */
    private final Pattern reserved;

    /** What is never cut; null without any. */
    private final Pattern whole;

    private final Map<String, Integer> wholeIds = new HashMap<>();
    private final Map<String, Integer> reservedIds = new HashMap<>();
    private final int[] bytes = new int[256];
    private final boolean hasBytes;
    private final byte[][] written;
    private final int unknown;

    /** @param prefixEverywhere whether text after a reserved token gets a space too, and not only that at the beginning */
    SentencePieceTokenizer(
            SentencePieceModel model,
            SpecialIds configured,
            SpecialTokenPolicy ends,
            ChatTemplates templates,
            boolean prefixEverywhere,
            Path forErrors) {
        this(model, vocabulary(model, forErrors), configured, ends, templates, prefixEverywhere, forErrors);
    }

    private SentencePieceTokenizer(
            SentencePieceModel model,
            Vocabulary vocabulary,
            SpecialIds configured,
            SpecialTokenPolicy ends,
            ChatTemplates templates,
            boolean prefixEverywhere,
            Path forErrors) {
        super(kind(model), vocabulary, configured.or(model.special()).orUsual(vocabulary), ends, templates);
        this.model = model;
        this.prefixEverywhere = prefixEverywhere;
        List<Piece> pieces = model.pieces();
        segmentation = model.algorithm() == Algorithm.BPE ? new BpeModel(pieces) : new UnigramModel(pieces);
        hasBytes = model.hasBytes();
        written = new byte[pieces.size()][];
        int unknownId = -1;
        for (int id = 0; id < written.length; id++) {
            Piece piece = pieces.get(id);
            written[id] = piece.text().replace(SentencePieceModel.SPACE, ' ').getBytes(StandardCharsets.UTF_8);
            switch (piece.kind()) {
                case BYTE -> addByte(piece.text(), id, forErrors);
                case CONTROL, UNKNOWN -> reservedIds.put(piece.text(), id);
                case USER_DEFINED -> wholeIds.put(piece.text(), id);
                default -> {}
            }
            unknownId = piece.kind() == Kind.UNKNOWN ? id : unknownId;
        }
        if (unknownId < 0 && !hasBytes) {
            throw new BadFileException(forErrors, "has neither a token for unknown characters nor tokens for bytes");
        }
        unknown = unknownId;
        reserved = anyOf(reservedIds);
        whole = anyOf(wholeIds);
    }

    private static String kind(SentencePieceModel model) {
        String algorithm = model.algorithm() == Algorithm.BPE ? "SentencePiece BPE" : "SentencePiece unigram";
        return algorithm + (model.hasBytes() ? " with byte fallback" : "");
    }

    static Vocabulary vocabulary(SentencePieceModel model, Path forErrors) {
        Map<String, Integer> ids = new HashMap<>();
        for (int id = 0; id < model.pieces().size(); id++) {
            String text = model.pieces().get(id).text();
            Integer other = ids.put(text, id);
            if (other != null) {
                throw new BadFileException(forErrors, "pieces " + other + " and " + id + " are both \"" + text + "\"");
            }
        }
        return Vocabulary.of(ids, forErrors);
    }

    private void addByte(String piece, int id, Path forErrors) {
        if (!piece.matches("<0x\\p{XDigit}{2}>")) {
            throw new BadFileException(forErrors, "piece " + id + " is \"" + piece + "\"; expected a byte like <0x0A>");
        }
        int value = Integer.parseInt(piece.substring(3, 5), 16);
        bytes[value] = id;
        written[id] = new byte[] {(byte) value};
    }

    private static Pattern anyOf(Map<String, Integer> tokens) {
        return tokens.isEmpty()
                ? null
                : Pattern.compile(tokens.keySet().stream()
                        .sorted(Comparator.comparingInt(String::length).reversed())
                        .map(Pattern::quote)
                        .collect(Collectors.joining("|")));
    }

    @Override
    int[] encodeWhole(String text) {
        return encodeWithPlaces(text).ids();
    }

    @Override
    Encoding encodeWithPlaces(String text) {
        PieceList list = new PieceList();
        int from = 0;
        if (reserved != null) {
            Matcher token = reserved.matcher(text);
            while (token.find()) {
                encodePlain(text, from, token.start(), list);
                list.add(reservedIds.get(token.group()), token.end());
                from = token.end();
            }
        }
        encodePlain(text, from, text.length(), list);
        return list.encoding();
    }

    /** As SentencePiece alone does, to which a reserved token in a text is text. */
    int[] encodePlain(String text) {
        PieceList list = new PieceList();
        encodePlain(text, 0, text.length(), list);
        return list.encoding().ids();
    }

    private void encodePlain(String text, int from, int to, PieceList list) {
        boolean prefix = model.dummyPrefix() && (from == 0 || prefixEverywhere);
        EscapedText escaped = EscapedText.of(text.substring(from, to), prefix, model.singleSpaces());
        String all = escaped.text();
        int at = 0;
        if (whole != null) {
            Matcher token = whole.matcher(all);
            while (token.find()) {
                cut(escaped, at, token.start(), from, list);
                list.add(wholeIds.get(token.group()), from + escaped.ends()[token.end() - 1]);
                at = token.end();
            }
        }
        cut(escaped, at, all.length(), from, list);
    }

    private void cut(EscapedText escaped, int start, int end, int offset, PieceList list) {
        String part = escaped.text().substring(start, end);
        segmentation.cut(part, (id, pieceStart, pieceEnd) -> {
            int place = offset + escaped.ends()[start + pieceEnd - 1];
            if (id != Segmentation.NONE) {
                list.add(id, place);
            } else if (hasBytes) {
                for (byte b : part.substring(pieceStart, pieceEnd).getBytes(StandardCharsets.UTF_8)) {
                    list.add(bytes[b & 0xff], place);
                }
            } else if (list.last() == unknown && pieceStart > 0) {
                list.stretchLast(place);
            } else {
                list.add(unknown, place);
            }
        });
    }

    @Override
    String decodeKnown(int[] ids) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        boolean begins = model.dummyPrefix();
        for (int id : ids) {
            byte[] piece = written[id];
            int skipped = begins && piece.length > 0 && piece[0] == ' ' ? 1 : 0;
            text.write(piece, skipped, piece.length - skipped);
            Kind kind = model.pieces().get(id).kind();
            begins = model.dummyPrefix() && prefixEverywhere && (kind == Kind.CONTROL || kind == Kind.UNKNOWN);
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    @Override
    void free() {}
}
