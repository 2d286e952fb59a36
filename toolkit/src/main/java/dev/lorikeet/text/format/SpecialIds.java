package dev.lorikeet.text.format;

import java.util.Collection;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;

/**
 * The ids with a role.
 *
 * @param eos the one that is written after a text
 * @param eosIds all at which generation ends, {@code eos} among them
 */
public record SpecialIds(OptionalInt bos, OptionalInt eos, OptionalInt pad, Set<Integer> eosIds) {

    private static final List<String> EOS = List.of(
            "</s>",
            "<|endoftext|>",
            "<|end_of_text|>",
            "<|im_end|>",
            "<eos>",
            "<\uff5cend\u2581of\u2581sentence\uff5c>",
            "[SEP]");
    private static final List<String> BOS = List.of(
            "<s>",
            "<|begin_of_text|>",
            "<|startoftext|>",
            "<|endoftext|>",
            "<|im_start|>",
            "<bos>",
            "<\uff5cbegin\u2581of\u2581sentence\uff5c>",
            "[CLS]");
    private static final List<String> PAD = List.of("<pad>", "<|pad|>", "[PAD]");

    public static final SpecialIds UNKNOWN =
            new SpecialIds(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty());

    public SpecialIds {
        TreeSet<Integer> all = new TreeSet<>(eosIds);
        eos.ifPresent(all::add);
        eosIds = Set.copyOf(all);
    }

    public SpecialIds(OptionalInt bos, OptionalInt eos, OptionalInt pad) {
        this(bos, eos, pad, Set.of());
    }

    /** These, and {@code others} where these are missing. */
    public SpecialIds or(SpecialIds others) {
        return new SpecialIds(
                first(bos, others.bos),
                first(eos, others.eos),
                first(pad, others.pad),
                eosIds.isEmpty() ? others.eosIds : eosIds);
    }

    public SpecialIds endingAlsoAt(Collection<Integer> ids) {
        TreeSet<Integer> all = new TreeSet<>(eosIds);
        all.addAll(ids);
        return new SpecialIds(bos, eos, pad, all);
    }

    /**
     * These, and where they are missing the names that vocabularies commonly use; padding falls back to the end token.
     *
     * @param isSpecial whether a token is a special one: in some vocabularies "&lt;s&gt;" is a piece of HTML
     */
    public SpecialIds orUsual(Vocabulary vocabulary, IntPredicate isSpecial) {
        SpecialIds all = new SpecialIds(
                first(bos, named(BOS, vocabulary, isSpecial)),
                first(eos, named(EOS, vocabulary, isSpecial)),
                first(pad, named(PAD, vocabulary, isSpecial)),
                eosIds);
        return new SpecialIds(all.bos, all.eos, first(all.pad, all.eos), all.eosIds);
    }

    private static OptionalInt named(List<String> names, Vocabulary vocabulary, IntPredicate isSpecial) {
        return names.stream()
                .flatMapToInt(name -> vocabulary.id(name).stream())
                .filter(isSpecial)
                .findFirst();
    }

    private static OptionalInt first(OptionalInt choice, OptionalInt otherwise) {
        return choice.isPresent() ? choice : otherwise;
    }
}
