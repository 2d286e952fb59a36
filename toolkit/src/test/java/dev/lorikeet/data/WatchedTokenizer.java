package dev.lorikeet.data;

import dev.lorikeet.text.Tokenizer;
import java.util.List;
import java.util.OptionalInt;

/** Another tokenizer that writes down what it is asked to cut. */
record WatchedTokenizer(Tokenizer real, List<String> read) implements Tokenizer {

    @Override
    public String kind() {
        return real.kind();
    }

    @Override
    public int[] encode(String text) {
        read.add(text);
        return real.encode(text);
    }

    @Override
    public String decode(int... ids) {
        return real.decode(ids);
    }

    @Override
    public int vocabularySize() {
        return real.vocabularySize();
    }

    @Override
    public OptionalInt id(String token) {
        return real.id(token);
    }

    @Override
    public String token(int id) {
        return real.token(id);
    }

    @Override
    public OptionalInt bos() {
        return real.bos();
    }

    @Override
    public OptionalInt eos() {
        return real.eos();
    }

    @Override
    public OptionalInt pad() {
        return real.pad();
    }

    @Override
    public void close() {
        real.close();
    }
}
