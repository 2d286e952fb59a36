package dev.lorikeet.cli;

import dev.lorikeet.tensor.DType;
import dev.lorikeet.tensor.Quantization;
import dev.lorikeet.train.Schedule;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;

/** The values of enums as options, in lower case. */
abstract class Choices implements Iterable<String> {

    private final Enum<?>[] values;

    private Choices(Enum<?>... values) {
        this.values = values;
    }

    @Override
    public Iterator<String> iterator() {
        return Arrays.stream(values)
                .map(value -> value.name().toLowerCase(Locale.ROOT))
                .iterator();
    }

    static final class Precisions extends Choices {
        Precisions() {
            super(DType.values());
        }
    }

    static final class Quantizations extends Choices {
        Quantizations() {
            super(Quantization.values());
        }
    }

    static final class ScheduleShapes extends Choices {
        ScheduleShapes() {
            super(Schedule.Shape.values());
        }
    }

    static final class OutputTypes extends Choices {
        OutputTypes() {
            super(MergeCommand.OutputType.values());
        }
    }
}
