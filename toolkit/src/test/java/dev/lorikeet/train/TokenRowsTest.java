package dev.lorikeet.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.data.Documents;
import dev.lorikeet.data.token.TokenRow;
import dev.lorikeet.lora.Lora;
import dev.lorikeet.model.PretrainedModel;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** A training on rows that are tokenised already is that on their texts, to the last bit. */
class TokenRowsTest {

    static Stream<Arguments> documents() {
        Documents texts = Documents.of(Toys.table(24), "text").length(40);
        Documents pairs = Documents.of(Toys.table(24), "label", "text");
        return Stream.of(
                arguments(texts, order(documents -> documents.shuffled(3))),
                arguments(pairs.completionOnly().length(6), order(documents -> documents)),
                arguments(pairs.length(40).packed(), order(documents -> documents.groupByLength(5))));
    }

    private static UnaryOperator<Documents> order(UnaryOperator<Documents> order) {
        return order;
    }

    private static Documents tokens(Documents texts, PretrainedModel model) {
        List<TokenRow> rows = texts.tokenize(model.tokenizer());
        return Documents.of(Table.create(
                "tokens",
                StringColumn.create("input_ids", rows.stream().map(row -> Arrays.toString(row.ids()))),
                StringColumn.create("labels", rows.stream().map(row -> Arrays.toString(row.labels()))),
                StringColumn.create("segment_ids", rows.stream().map(row -> Arrays.toString(row.segmentIds())))));
    }

    private static List<Double> losses(PretrainedModel model, Documents documents) {
        Lora.rank(4).dropout(0.1).seed(5).inject(model);
        return Toys.losses(FineTune.of(model)
                .on(documents.batch(4))
                .epochs(2)
                .learningRate(5e-3)
                .quietly()
                .run());
    }

    @ParameterizedTest
    @MethodSource("documents")
    void lossesAreThoseOfTheTexts(Documents texts, UnaryOperator<Documents> order) {
        try (PretrainedModel one = Toys.causal();
                PretrainedModel other = Toys.causal()) {
            assertEquals(losses(one, order.apply(texts)), losses(other, order.apply(tokens(texts, other))));
        }
    }

    @Test
    void idsThatTheModelLacksAreRefusedBeforeTheFirstStep() {
        try (PretrainedModel model = Toys.causal()) {
            Documents documents =
                    Documents.of(Table.create("t", StringColumn.create("input_ids", "[1, 2, 3]", "[4, 60000]")));
            String message = assertThrows(BadArgumentException.class, () -> losses(model, documents))
                    .getMessage();
            assertTrue(message.startsWith("row 1 of input_ids is 60000; expected ids of the 1,388"), message);
        }
    }
}
