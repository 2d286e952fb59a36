package dev.lorikeet.text.sentencepiece;

import dev.lorikeet.base.BadFileException;
import dev.lorikeet.text.format.SpecialIds;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * The contents of a SentencePiece model (Kudo and Richardson 2018).
 *
 * @param pieces in the order of their ids
 * @param algorithm how text is segmented
 * @param dummyPrefix whether a space is put before each text
 * @param singleSpaces whether runs of spaces become one and those at the ends are dropped
 */
public record SentencePieceModel(
        List<Piece> pieces, Algorithm algorithm, boolean dummyPrefix, boolean singleSpaces, SpecialIds special) {

    /** The character that stands for a space. */
    public static final char SPACE = '\u2581';

    public enum Algorithm {
        UNIGRAM,
        BPE
    }

    /** The kinds of piece, in the order of their numbers in the file, from 1. */
    public enum PieceType {
        NORMAL,
        UNKNOWN,
        CONTROL,
        USER_DEFINED,
        UNUSED,
        BYTE;

        public static PieceType of(long number) {
            if (number < 1 || number > values().length) {
                throw new IllegalArgumentException("there is no kind of piece " + number);
            }
            return values()[(int) number - 1];
        }
    }

    public record Piece(String text, float score, PieceType kind) {}

    public boolean hasBytes() {
        return pieces.stream().anyMatch(piece -> piece.kind() == PieceType.BYTE);
    }

    /** @throws BadFileException if the file is missing, damaged or of a kind that is not supported */
    public static SentencePieceModel read(Path file) {
        try {
            return new Reader(file).read(new ProtoFields(Files.readAllBytes(file)));
        } catch (NoSuchFileException e) {
            throw new BadFileException(file, "there is no such file", e);
        } catch (IOException e) {
            throw new BadFileException(file, "could not be read: " + e.getMessage(), e);
        } catch (BufferUnderflowException e) {
            throw new BadFileException(file, "is no SentencePiece model, or damaged: it ends too early", e);
        } catch (IllegalArgumentException e) {
            throw new BadFileException(file, "is no SentencePiece model, or damaged: " + e.getMessage(), e);
        }
    }

    /** The fields of sentencepiece_model.proto that matter here, with the defaults that they have there. */
    private static final class Reader {

        private final Path file;
        private final List<Piece> pieces = new ArrayList<>();
        private long algorithm = 1;
        private boolean dummyPrefix = true;
        private boolean singleSpaces = true;
        private boolean suffix;
        private boolean keepsSpaces;
        private String normalizer = "";
        private int rules;
        private long bos = 1;
        private long eos = 2;
        private long pad = -1;

        Reader(Path file) {
            this.file = file;
        }

        SentencePieceModel read(ProtoFields model) {
            while (model.next()) {
                switch (model.number()) {
                    case 1 -> pieces.add(piece(model.message()));
                    case 2 -> trainer(model.message());
                    case 3 -> normalizer(model.message());
                    default -> model.skip();
                }
            }
            if (pieces.isEmpty()) {
                throw new IllegalArgumentException("it has no pieces");
            }
            refuse(algorithm > 2, "segments text by " + (algorithm == 3 ? "words" : "characters"), "unigram and BPE");
            refuse(rules > 0, "changes characters by the rules \"" + normalizer + "\"", "\"identity\"");
            refuse(suffix, "writes spaces after words", "spaces before words");
            refuse(keepsSpaces, "does not escape spaces", "escaped spaces");
            SpecialIds special = new SpecialIds(id(bos), id(eos), id(pad));
            return new SentencePieceModel(
                    List.copyOf(pieces),
                    algorithm == 2 ? Algorithm.BPE : Algorithm.UNIGRAM,
                    dummyPrefix,
                    singleSpaces,
                    special);
        }

        private void refuse(boolean refused, String what, String supported) {
            if (refused) {
                throw new BadFileException(file, what + ", which is not supported; supported are " + supported);
            }
        }

        private OptionalInt id(long id) {
            return id >= 0 && id < pieces.size() ? OptionalInt.of((int) id) : OptionalInt.empty();
        }

        private static Piece piece(ProtoFields fields) {
            String text = "";
            float score = 0;
            PieceType kind = PieceType.NORMAL;
            while (fields.next()) {
                switch (fields.number()) {
                    case 1 -> text = fields.text();
                    case 2 -> score = fields.decimal();
                    case 3 -> kind = PieceType.of(fields.integer());
                    default -> fields.skip();
                }
            }
            return new Piece(text, score, kind);
        }

        private void trainer(ProtoFields fields) {
            while (fields.next()) {
                switch (fields.number()) {
                    case 3 -> algorithm = fields.integer();
                    case 24 -> suffix = fields.integer() != 0;
                    case 41 -> bos = (int) fields.integer();
                    case 42 -> eos = (int) fields.integer();
                    case 43 -> pad = (int) fields.integer();
                    default -> fields.skip();
                }
            }
        }

        private void normalizer(ProtoFields fields) {
            while (fields.next()) {
                switch (fields.number()) {
                    case 1 -> normalizer = fields.text();
                    case 2 -> rules = fields.skip() - 1;
                    case 3 -> dummyPrefix = fields.integer() != 0;
                    case 4 -> singleSpaces = fields.integer() != 0;
                    case 5 -> keepsSpaces = fields.integer() == 0;
                    default -> fields.skip();
                }
            }
        }
    }
}
