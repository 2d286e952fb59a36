package dev.lorikeet.data.token;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.data.RowTarget;
import dev.lorikeet.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import tech.tablesaw.api.Table;

/** Rows that were tokenised before, in the columns that transformers and TRL give them. Immutable. */
public final class TokenizedRows {

    public static final String INPUT_IDS = "input_ids";
    public static final String LABELS = "labels";
    public static final String SEGMENT_IDS = "segment_ids";

    /** The columns that say what is learned, for messages. */
    public static final String TARGETS = "labels, completion_mask or assistant_masks";

    private static final List<String> MASKS = List.of("completion_mask", "assistant_masks");
    private static final String ATTENTION_MASK = "attention_mask";
    private static final String SEQ_LENGTHS = "seq_lengths";
    private static final String POSITION_IDS = "position_ids";

    private final List<TokenRow> rows;
    private final boolean sayWhatIsLearned;

    private TokenizedRows(List<TokenRow> rows, boolean sayWhatIsLearned) {
        this.rows = rows;
        this.sayWhatIsLearned = sayWhatIsLearned;
    }

    /**
     * Reads the columns of a table.
     *
     * @throws UnknownNameException if there is no column {@value #INPUT_IDS}
     * @throws BadArgumentException if a cell does not hold what its column is for; it names row and column
     */
    public static TokenizedRows of(Table table) {
        List<TokenRow> rows = new ArrayList<>();
        for (int row = 0; row < table.rowCount(); row++) {
            StoppedException.check("Reading tokens was interrupted");
            rows.add(read(new TokenCells(table, row)));
        }
        return new TokenizedRows(
                List.copyOf(rows),
                Stream.concat(Stream.of(LABELS), MASKS.stream()).anyMatch(table::containsColumn));
    }

    private static TokenRow read(TokenCells cells) {
        int[] ids = cells.list(INPUT_IDS);
        for (int id : ids) {
            cells.unless(id >= 0, INPUT_IDS, id, "ids of 0 or more");
        }
        boolean[] targets = targets(cells, ids);
        int length = cells.has(ATTENTION_MASK) ? unpadded(cells, ids.length) : ids.length;
        return TokenRow.of(Arrays.copyOf(ids, length), targets, segmentIds(cells, ids.length, length));
    }

    /** Returns where there is no column that says otherwise. */
    private static boolean[] targets(TokenCells cells, int... ids) {
        boolean[] targets = new boolean[ids.length];
        Arrays.fill(targets, true);
        if (cells.has(LABELS)) {
            int[] labels = cells.list(LABELS, ids.length);
            for (int i = 0; i < labels.length; i++) {
                targets[i] = labels[i] != RowTarget.IGNORED;
                cells.unless(
                        !targets[i] || labels[i] == ids[i],
                        LABELS,
                        "%d at place %d".formatted(labels[i], i),
                        "%d, the id at this place of input_ids, or -100; labels are not shifted".formatted(ids[i]));
            }
        }
        for (String mask : MASKS) {
            boolean[] flags = cells.has(mask) ? cells.flags(mask, ids.length) : targets;
            for (int i = 0; i < flags.length; i++) {
                targets[i] &= flags[i];
            }
        }
        return targets;
    }

    /** Counts the tokens before the padding. */
    private static int unpadded(TokenCells cells, int tokens) {
        boolean[] mask = cells.flags(ATTENTION_MASK, tokens);
        int length = 0;
        while (length < tokens && mask[length]) {
            length++;
        }
        for (int i = length; i < tokens; i++) {
            cells.unless(
                    !mask[i],
                    ATTENTION_MASK,
                    "0 at place " + length + " and 1 behind it",
                    "padding on the right alone");
        }
        return length;
    }

    /** @param length of the row without its padding, in which these columns may hold anything */
    private static int[] segmentIds(TokenCells cells, int tokens, int length) {
        if (cells.has(SEGMENT_IDS)) {
            return rising(cells, Arrays.copyOf(cells.list(SEGMENT_IDS, tokens), length));
        }
        if (cells.has(SEQ_LENGTHS)) {
            return Arrays.copyOf(ofLengths(cells, tokens), length);
        }
        return cells.has(POSITION_IDS)
                ? ofPositions(cells, Arrays.copyOf(cells.list(POSITION_IDS, tokens), length))
                : new int[length];
    }

    /** Numbers the texts from 0 on without a gap. */
    private static int[] rising(TokenCells cells, int... given) {
        int[] segmentIds = new int[given.length];
        for (int i = 1; i < given.length; i++) {
            cells.unless(given[i] >= given[i - 1], SEGMENT_IDS, given[i] + " behind " + given[i - 1], "ids that rise");
            segmentIds[i] = segmentIds[i - 1] + (given[i] > given[i - 1] ? 1 : 0);
        }
        return segmentIds;
    }

    private static int[] ofLengths(TokenCells cells, int tokens) {
        int[] lengths = cells.list(SEQ_LENGTHS);
        cells.unless(
                Arrays.stream(lengths).allMatch(length -> length > 0)
                        && Arrays.stream(lengths).asLongStream().sum() == tokens,
                SEQ_LENGTHS,
                Arrays.toString(lengths),
                "lengths of 1 or more, whose sum is the " + tokens + " of input_ids");
        int[] segmentIds = new int[tokens];
        int start = 0;
        for (int text = 0; text < lengths.length; text++) {
            Arrays.fill(segmentIds, start, start + lengths[text], text);
            start += lengths[text];
        }
        return segmentIds;
    }

    private static int[] ofPositions(TokenCells cells, int... positions) {
        int[] segmentIds = new int[positions.length];
        for (int i = 1; i < positions.length; i++) {
            cells.unless(
                    positions[i] == 0 || positions[i] == positions[i - 1] + 1,
                    POSITION_IDS,
                    positions[i] + " behind " + positions[i - 1],
                    "positions that count up by one, from 0 at each text");
            segmentIds[i] = segmentIds[i - 1] + (positions[i] == 0 ? 1 : 0);
        }
        return segmentIds;
    }

    /** Takes these rows, in this order. */
    public TokenizedRows rows(int... selected) {
        return new TokenizedRows(Arrays.stream(selected).mapToObj(rows::get).toList(), sayWhatIsLearned);
    }

    /** The number of tokens of the longest row; 0 if there is none. */
    public int longest() {
        return rows.stream().mapToInt(TokenRow::length).max().orElse(0);
    }

    /** Whether there is a column that says what is learned. */
    public boolean sayWhatIsLearned() {
        return sayWhatIsLearned;
    }

    /**
     * A row, to be cut to a length.
     *
     * @throws BadArgumentException if the tokenizer has no token with one of its ids
     */
    public EncodedText text(int row, Tokenizer tokenizer, int length) {
        TokenRow whole = rows.get(row);
        for (int id : whole.ids()) {
            if (!tokenizer.has(id)) {
                throw new BadArgumentException(
                        TokenCells.place(row, INPUT_IDS),
                        id,
                        "ids of the %,d tokens of this model's tokenizer; another one made this row"
                                .formatted(tokenizer.vocabularySize()));
            }
        }
        return new EncodedText(
                whole.ids(), whole.lossMask(), whole.segmentIds(), whole.length(), whole.length(), length);
    }
}
