package dev.lorikeet.text;

import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.text.format.SpecialIds;
import dev.lorikeet.text.format.Vocabulary;
import java.util.Arrays;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/** The parts that all tokenizers share: the vocabulary, the special ids, and being closed while no other thread encodes. */
abstract class AbstractTokenizer implements Tokenizer {

    private static final char REPLACEMENT = '\uFFFD';

    private final String kind;
    private final Vocabulary vocabulary;
    private final SpecialIds special;
    private final SpecialTokenPolicy policy;
    private final ChatTemplates templates;
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private boolean closed;

    AbstractTokenizer(
            String kind,
            Vocabulary vocabulary,
            SpecialIds special,
            SpecialTokenPolicy policy,
            ChatTemplates templates) {
        this.kind = kind;
        this.vocabulary = vocabulary;
        this.special = special;
        this.policy = policy;
        this.templates = templates;
    }

    /** Encodes a text without half surrogate pairs. */
    abstract int[] encodeWhole(String text);

    /** Encodes as {@link #encodeWhole} does, and says where in the text each token ends. */
    Encoding encodeWholeWithOffsets(String text) {
        int[] ids = encodeWhole(text);
        return new Encoding(ids, TokenStream.ends(this, ids, text));
    }

    /** Encodes two texts without half surrogate pairs; see {@link Tokenizer#encodePair}. */
    EncodedPair encodeWholePair(String first, String second, int longest) {
        return Tokenizer.super.encodePair(first, second, longest);
    }

    /** Decodes ids of the vocabulary. */
    abstract String decodeKnown(int[] ids);

    /** Frees what the tokenizer holds; called once. */
    abstract void free();

    @Override
    public final int[] encode(String text) {
        return open(() -> encodeWhole(withoutHalfPairs(text)));
    }

    @Override
    public final int[] encode(String text, boolean addSpecialTokens) {
        int[] ids = encode(text);
        return addSpecialTokens ? policy.around(ids, special) : ids;
    }

    @Override
    public final int[] encodeCut(String text, int longest) {
        int[] ids = encode(text, true);
        if (ids.length <= longest) {
            return ids;
        }
        int[] cut = Arrays.copyOf(ids, longest);
        if (policy.eos()) {
            cut[longest - 1] = ids[ids.length - 1];
        }
        return cut;
    }

    @Override
    public final Encoding encodeWithOffsets(String text, boolean addSpecialTokens) {
        Encoding encoding = open(() -> encodeWholeWithOffsets(withoutHalfPairs(text)));
        return addSpecialTokens ? policy.around(encoding, special, text.length()) : encoding;
    }

    @Override
    public final EncodedPair encodePair(String first, String second, int longest) {
        return open(() -> encodeWholePair(withoutHalfPairs(first), withoutHalfPairs(second), longest));
    }

    /** Works while no other thread closes this. */
    private <T> T open(Supplier<T> work) {
        lock.readLock().lock();
        try {
            checkOpen();
            return work.get();
        } finally {
            lock.readLock().unlock();
        }
    }

    @Override
    public final String decode(int... ids) {
        vocabulary.check(ids);
        return open(() -> decodeKnown(ids));
    }

    @Override
    public final void close() {
        lock.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                free();
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new LorikeetException("This tokenizer is closed; load it again to use it.");
        }
    }

    private static String withoutHalfPairs(String text) {
        if (text.codePoints().noneMatch(AbstractTokenizer::isHalfPair)) {
            return text;
        }
        return text.codePoints()
                .map(point -> isHalfPair(point) ? REPLACEMENT : point)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static boolean isHalfPair(int point) {
        return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
    }

    @Override
    public final String kind() {
        return kind;
    }

    @Override
    public final int vocabularySize() {
        return vocabulary.size();
    }

    @Override
    public final boolean has(int id) {
        return vocabulary.has(id);
    }

    @Override
    public final OptionalInt id(String token) {
        return vocabulary.id(token);
    }

    @Override
    public final String token(int id) {
        return vocabulary.token(id);
    }

    @Override
    public final OptionalInt bos() {
        return special.bos();
    }

    @Override
    public final OptionalInt eos() {
        return special.eos();
    }

    @Override
    public final Set<Integer> eosIds() {
        return special.eosIds();
    }

    @Override
    public final OptionalInt pad() {
        return special.pad();
    }

    @Override
    public final ChatTemplate chat(String name) {
        return templates.get(name, this);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s, %,d tokens", kind, vocabularySize());
    }
}
