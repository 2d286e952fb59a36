package dev.lorikeet.data;

import dev.lorikeet.base.HtmlTable;
import dev.lorikeet.base.Renderable;
import java.util.function.Function;

/**
 * Data for training, validation and test.
 *
 * @param train to train on
 * @param validation to evaluate during training; without rows unless {@code split} was given a share for it
 * @param test to evaluate at the end; without rows if the shares add up to 1
 */
public record DataSplits<T>(T train, T validation, T test) implements Renderable {

    /** Converts each part. */
    public <R> DataSplits<R> map(Function<T, R> conversion) {
        return new DataSplits<>(conversion.apply(train), conversion.apply(validation), conversion.apply(test));
    }

    @Override
    public String html() {
        return line("train", train) + line("validation", validation) + line("test", test);
    }

    private static String line(String name, Object part) {
        return "<div><b>" + name + "</b> " + HtmlTable.escape(part.toString()) + "</div>";
    }

    @Override
    public String toString() {
        return String.format("train       %s%nvalidation  %s%ntest        %s", train, validation, test);
    }
}
