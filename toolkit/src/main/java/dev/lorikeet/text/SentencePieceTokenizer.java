package dev.lorikeet.text;

import com.google.gson.JsonPrimitive;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.text.format.AddedTokens;
import dev.lorikeet.text.format.ConfiguredIds;
import dev.lorikeet.text.format.JsonFiles;
import dev.lorikeet.text.format.SpecialIds;
import dev.lorikeet.text.format.TokenMatcher;
import dev.lorikeet.text.format.TokenizerJson.Added;
import dev.lorikeet.text.format.Vocabulary;
import dev.lorikeet.text.sentencepiece.BpeModel;
import dev.lorikeet.text.sentencepiece.EscapedText;
import dev.lorikeet.text.sentencepiece.Segmentation;
import dev.lorikeet.text.sentencepiece.SentencePieceModel;
import dev.lorikeet.text.sentencepiece.SentencePieceModel.Algorithm;
import dev.lorikeet.text.sentencepiece.SentencePieceModel.Piece;
import dev.lorikeet.text.sentencepiece.SentencePieceModel.PieceType;
import dev.lorikeet.text.sentencepiece.UnigramModel;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A SentencePiece vocabulary. Tokens that the model reserves are recognised in the text, and after each one text begins anew,
 * with a space before it where the model puts one; decoding leaves that space out again.
 */
final class SentencePieceTokenizer extends AbstractTokenizer {

    private final SentencePieceModel model;
    private final Segmentation segmentation;
    private final boolean prefixEverywhere;

    /** Tokens that are found in the text as it is written: control tokens and those that files add. */
    private final Map<String, Added> reserved = new HashMap<>();

    private final TokenMatcher reservedMatcher;

    /** Pieces that are found in the escaped text and never split. */
    private final Map<String, Integer> whole = new HashMap<>();

    private final TokenMatcher wholeMatcher;
    private final int[] bytes = new int[256];
    private final boolean hasBytes;
    private final byte[][] written;
    private final int unknown;

    /**
     * @param added tokens that files beside the model add, or settle for some of its pieces
     * @param prefixEverywhere whether text after a reserved token gets a space too, and not only that at the beginning
     */
    SentencePieceTokenizer(
            SentencePieceModel model,
            List<Added> added,
            Vocabulary vocabulary,
            SpecialIds special,
            SpecialTokenPolicy policy,
            ChatTemplates templates,
            boolean prefixEverywhere,
            Path forErrors) {
        super(kind(model), vocabulary, special, policy, templates);
        this.model = model;
        this.prefixEverywhere = prefixEverywhere;
        List<Piece> pieces = model.pieces();
        segmentation = model.algorithm() == Algorithm.BPE ? new BpeModel(pieces) : new UnigramModel(pieces);
        hasBytes = model.hasBytes();
        written = new byte[vocabulary.size()][];
        int unknownId = -1;
        for (int id = 0; id < pieces.size(); id++) {
            Piece piece = pieces.get(id);
            written[id] = piece.text().replace(SentencePieceModel.SPACE, ' ').getBytes(StandardCharsets.UTF_8);
            if (piece.text().isEmpty()) {
                continue;
            }
            switch (piece.kind()) {
                case BYTE -> addByte(piece.text(), id, forErrors);
                case CONTROL, UNKNOWN -> reserved.put(piece.text(), Added.exactly(id, piece.text(), true));
                case USER_DEFINED -> addWhole(piece.text().replace(' ', SentencePieceModel.SPACE), id);
                default -> {}
            }
            unknownId = piece.kind() == PieceType.UNKNOWN ? id : unknownId;
        }
        for (Added token : added) {
            if (token.singleWord()) {
                throw new BadFileException(
                        forErrors,
                        "token \"%s\" is found as a single word only (single_word), which is not supported beside SentencePiece"
                                .formatted(token.content()));
            }
            reserved.put(token.content(), token);
            written[token.id()] = token.content().getBytes(StandardCharsets.UTF_8);
        }
        if (unknownId < 0 && !hasBytes) {
            throw new BadFileException(forErrors, "has neither a token for unknown characters nor tokens for bytes");
        }
        unknown = unknownId;
        reservedMatcher = new TokenMatcher(reserved.keySet());
        wholeMatcher = new TokenMatcher(whole.keySet());
    }

    /** Reads a tokenizer.model, with what the files of its folder add to it. */
    static SentencePieceTokenizer read(Path file, Optional<Path> folder, ChatTemplates templates) {
        SentencePieceModel model = SentencePieceModel.read(file);
        Map<String, Integer> ids = ids(model, file);
        List<Added> added =
                folder.map(beside -> AddedTokens.in(beside, ids, Map.of())).orElse(List.of());
        Vocabulary vocabulary = vocabulary(model, added, file);
        SpecialIds special =
                folder.map(beside -> ConfiguredIds.in(beside, vocabulary)).orElse(SpecialIds.UNKNOWN);
        return new SentencePieceTokenizer(
                model,
                added,
                vocabulary,
                special.or(model.special()).orUsual(vocabulary, id -> isControl(model, id) || isSpecial(added, id)),
                folder.map(SpecialTokenPolicy.BOS::configured).orElse(SpecialTokenPolicy.BOS),
                templates,
                folder.map(SentencePieceTokenizer::prefixesEverywhere).orElse(true),
                file);
    }

    private static boolean isControl(SentencePieceModel model, int id) {
        return id < model.pieces().size() && model.pieces().get(id).kind() == PieceType.CONTROL;
    }

    private static boolean isSpecial(List<Added> added, int id) {
        return added.stream().anyMatch(token -> token.id() == id && token.special());
    }

    /** "legacy": false asks for a space at the very beginning alone, and not after each special token as Llama-2 learned it. */
    private static boolean prefixesEverywhere(Path folder) {
        Path config = folder.resolve("tokenizer_config.json");
        return !Files.exists(config)
                || !(JsonFiles.object(config).get("legacy") instanceof JsonPrimitive legacy)
                || legacy.getAsBoolean();
    }

    /** The SentencePiece vocabulary of a GGUF file. */
    static SentencePieceTokenizer of(GgufTokenizer gguf, ChatTemplates templates, Path file) {
        SentencePieceModel model = gguf.sentencePiece();
        Vocabulary vocabulary = vocabulary(model, List.of(), file);
        List<Added> added = new ArrayList<>();
        for (int id = 0; id < model.pieces().size(); id++) {
            Piece piece = model.pieces().get(id);
            boolean control = piece.kind() == PieceType.CONTROL || piece.kind() == PieceType.UNKNOWN;
            // Tokens that were added to a model of the Llama family; the next text begins anew after them.
            if (piece.kind() == PieceType.USER_DEFINED && model.dummyPrefix()) {
                added.add(Added.exactly(id, piece.text(), false));
            } else if (control && gguf.dropsSpacesAfter(piece.text())) {
                added.add(new Added(id, piece.text(), true, false, false, true, false));
            }
        }
        return new SentencePieceTokenizer(
                model,
                added,
                vocabulary,
                gguf.special(vocabulary),
                gguf.policy(SpecialTokenPolicy.BOS),
                templates,
                true,
                file);
    }

    private static String kind(SentencePieceModel model) {
        String algorithm = model.algorithm() == Algorithm.BPE ? "SentencePiece BPE" : "SentencePiece unigram";
        return algorithm + (model.hasBytes() ? " with byte fallback" : "");
    }

    static Vocabulary vocabulary(SentencePieceModel model, List<Added> added, Path forErrors) {
        Map<String, Integer> ids = ids(model, forErrors);
        added.forEach(token -> ids.put(token.content(), token.id()));
        return Vocabulary.of(ids, forErrors);
    }

    static Map<String, Integer> ids(SentencePieceModel model, Path forErrors) {
        Map<String, Integer> ids = new HashMap<>();
        for (int id = 0; id < model.pieces().size(); id++) {
            String text = model.pieces().get(id).text();
            Integer other = ids.put(text, id);
            if (other != null) {
                throw new BadFileException(forErrors, "pieces " + other + " and " + id + " are both \"" + text + "\"");
            }
        }
        return ids;
    }

    /** Without spaces before texts, transformers finds such a piece in the text as it is written too. */
    private void addWhole(String escaped, int id) {
        whole.put(escaped, id);
        if (!model.dummyPrefix() && escaped.indexOf(SentencePieceModel.SPACE) >= 0) {
            reserved.put(escaped, Added.exactly(id, escaped, false));
        }
    }

    private void addByte(String piece, int id, Path forErrors) {
        if (!piece.matches("<0x\\p{XDigit}{2}>")) {
            throw new BadFileException(forErrors, "piece " + id + " is \"" + piece + "\"; expected a byte like <0x0A>");
        }
        int value = Integer.parseInt(piece.substring(3, 5), 16);
        bytes[value] = id;
        written[id] = new byte[] {(byte) value};
    }

    @Override
    int[] encodeWhole(String text) {
        return encodeWholeWithOffsets(text).ids();
    }

    @Override
    Encoding encodeWholeWithOffsets(String text) {
        PieceList list = new PieceList();
        int from = 0;
        boolean first = true;
        for (TokenMatcher.Match match = reservedMatcher.next(text, 0);
                match != null;
                match = reservedMatcher.next(text, from)) {
            Added token = reserved.get(match.token());
            int end = token.lstrip() ? withoutSpaces(text, from, match.start()) : match.start();
            encodePlain(text, from, end, first, list);
            list.add(token.id(), match.end());
            from = match.end();
            while (token.rstrip() && from < text.length() && isSpace(text.charAt(from))) {
                from++;
            }
            first = false;
        }
        encodePlain(text, from, text.length(), first, list);
        return list.encoding();
    }

    /** The end of a part of the text without the white space at its end. */
    private static int withoutSpaces(String text, int from, int to) {
        int end = to;
        while (end > from && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return end;
    }

    private static boolean isSpace(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c);
    }

    /** Encodes as SentencePiece itself does, to which a reserved token in a text is text. */
    int[] encodePlain(String text) {
        PieceList list = new PieceList();
        encodePlain(text, 0, text.length(), true, list);
        return list.encoding().ids();
    }

    /** @param first whether no token stands before this part of the text */
    private void encodePlain(String text, int from, int to, boolean first, PieceList list) {
        boolean prefix = model.dummyPrefix() && (first || prefixEverywhere);
        EscapedText escaped = EscapedText.of(text.substring(from, to), prefix, model.singleSpaces());
        String all = escaped.text();
        int at = 0;
        for (TokenMatcher.Match match = wholeMatcher.next(all, 0); match != null; match = wholeMatcher.next(all, at)) {
            segment(escaped, at, match.start(), from, list);
            list.add(whole.get(match.token()), from + escaped.ends()[match.end() - 1]);
            at = match.end();
        }
        segment(escaped, at, all.length(), from, list);
    }

    private void segment(EscapedText escaped, int start, int end, int offset, PieceList list) {
        String part = escaped.text().substring(start, end);
        segmentation.segment(part, (id, pieceStart, pieceEnd) -> {
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
            begins = model.dummyPrefix() && prefixEverywhere && reserved.containsKey(token(id));
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    @Override
    void free() {}
}
