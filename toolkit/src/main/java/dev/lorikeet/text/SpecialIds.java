package dev.lorikeet.text;

import java.util.List;
import java.util.OptionalInt;

/** The ids with a role. */
record SpecialIds(OptionalInt bos, OptionalInt eos, OptionalInt pad) {

    private static final List<String> ENDS =
            List.of("</s>", "<|endoftext|>", "<|end_of_text|>", "<|im_end|>", "<eos>", "[SEP]");
    private static final List<String> STARTS =
            List.of("<s>", "<|begin_of_text|>", "<|endoftext|>", "<|im_start|>", "<bos>", "[CLS]");
    private static final List<String> FILLERS = List.of("<pad>", "<|pad|>", "[PAD]");

    static final SpecialIds UNKNOWN = new SpecialIds(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty());

    /** These, and {@code others} where these are silent. */
    SpecialIds or(SpecialIds others) {
        return new SpecialIds(first(bos, others.bos), first(eos, others.eos), first(pad, others.pad));
    }

    /** These, and where they are silent the names that vocabularies commonly use; padding falls back to the end. */
    SpecialIds orUsual(Vocabulary vocabulary) {
        SpecialIds all =
                or(new SpecialIds(named(STARTS, vocabulary), named(ENDS, vocabulary), named(FILLERS, vocabulary)));
        return new SpecialIds(all.bos, all.eos, first(all.pad, all.eos));
    }

    private static OptionalInt named(List<String> names, Vocabulary vocabulary) {
        return names.stream()
                .map(vocabulary::id)
                .filter(OptionalInt::isPresent)
                .findFirst()
                .orElse(OptionalInt.empty());
    }

    private static OptionalInt first(OptionalInt choice, OptionalInt otherwise) {
        return choice.isPresent() ? choice : otherwise;
    }
}
