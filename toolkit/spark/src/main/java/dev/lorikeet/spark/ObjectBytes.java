package dev.lorikeet.spark;

import dev.lorikeet.base.LorikeetException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;

/** Values as bytes of Java's own serialization, whatever serializer a cluster has set. */
final class ObjectBytes {

    private ObjectBytes() {}

    static byte[] of(Serializable value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(value);
        } catch (IOException e) {
            throw new LorikeetException("%s cannot be sent to other machines: %s".formatted(value, e.getMessage()), e);
        }
        return bytes.toByteArray();
    }

    static <T> T read(byte[] bytes, Class<T> type) {
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
            return type.cast(in.readObject());
        } catch (IOException | ClassNotFoundException e) {
            throw new LorikeetException("What another machine sent cannot be read: " + e.getMessage(), e);
        }
    }
}
