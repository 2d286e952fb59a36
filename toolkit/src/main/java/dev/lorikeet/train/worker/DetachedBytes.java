package dev.lorikeet.train.worker;

import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.model.LanguageModel;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Objects as bytes, by Java's serialization, without the model that they hold: whoever reads them gives another that is like it. */
public final class DetachedBytes {

    private DetachedBytes() {}

    /**
     * Writes an object and what it holds.
     *
     * @param model that is left out
     * @throws LorikeetException if it holds what cannot be written, such as a lambda; it names the class
     */
    public static byte[] of(Object value, LanguageModel model) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Out out = new Out(bytes, model)) {
            out.writeObject(value);
        } catch (NotSerializableException e) {
            throw new LorikeetException(
                    "%s cannot be sent to other machines, since it holds a %s".formatted(value, e.getMessage()), e);
        } catch (IOException e) {
            throw new LorikeetException("%s cannot be sent to other machines: %s".formatted(value, e.getMessage()), e);
        }
        return bytes.toByteArray();
    }

    /**
     * Reads what {@link #of} wrote.
     *
     * @param model that takes the place of the one that was left out
     */
    public static <T> T read(byte[] bytes, Class<T> type, LanguageModel model) {
        try (In in = new In(new ByteArrayInputStream(bytes), model)) {
            return type.cast(in.readObject());
        } catch (IOException | ClassNotFoundException e) {
            throw new LorikeetException("What another machine sent cannot be read: " + e.getMessage(), e);
        }
    }

    /** Stands for the model. */
    private enum Left {
        MODEL
    }

    /**
     * Stands for an optional value, none of which Java can write.
     *
     * @param value null: there is none
     */
    private record Maybe(Class<?> type, Serializable value) implements Serializable {

        Object read() {
            if (type == OptionalInt.class) {
                return value == null ? OptionalInt.empty() : OptionalInt.of((int) value);
            } else if (type == OptionalLong.class) {
                return value == null ? OptionalLong.empty() : OptionalLong.of((long) value);
            }
            return Optional.ofNullable(value);
        }
    }

    private static final class Out extends ObjectOutputStream {

        private final LanguageModel model;

        Out(OutputStream out, LanguageModel model) throws IOException {
            super(out);
            this.model = model;
            enableReplaceObject(true);
        }

        @Override
        protected Object replaceObject(Object object) {
            if (object == model) {
                return Left.MODEL;
            } else if (object instanceof Optional<?> value) {
                return new Maybe(Optional.class, (Serializable) value.orElse(null));
            } else if (object instanceof OptionalInt value) {
                return new Maybe(OptionalInt.class, value.isPresent() ? value.getAsInt() : null);
            } else if (object instanceof OptionalLong value) {
                return new Maybe(OptionalLong.class, value.isPresent() ? value.getAsLong() : null);
            }
            return object;
        }
    }

    private static final class In extends ObjectInputStream {

        private final LanguageModel model;

        In(InputStream in, LanguageModel model) throws IOException {
            super(in);
            this.model = model;
            enableResolveObject(true);
        }

        @Override
        protected Object resolveObject(Object object) {
            if (object == Left.MODEL) {
                return model;
            }
            return object instanceof Maybe value ? value.read() : object;
        }
    }
}
