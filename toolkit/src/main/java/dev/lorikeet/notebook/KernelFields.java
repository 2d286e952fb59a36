package dev.lorikeet.notebook;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Optional;

/** Reads private fields of a kernel's objects by their type, since versions name them differently. */
final class KernelFields {

    private KernelFields() {}

    /** The value of the object's first field of this type; empty if there is none or if it cannot be read. */
    static <T> Optional<T> of(Object object, Class<T> type) {
        return reachable(object, type, 1);
    }

    /** The first value of this type within {@code depth} fields of the object; looks into the kernel's own objects only. */
    static <T> Optional<T> reachable(Object object, Class<T> type, int depth) {
        String owner = type.getName().substring(0, type.getName().lastIndexOf('.'));
        for (Class<?> each = object.getClass(); each.getName().startsWith(owner); each = each.getSuperclass()) {
            for (Field field : each.getDeclaredFields()) {
                Object value = Modifier.isStatic(field.getModifiers()) ? null : value(object, field);
                Optional<T> found = Optional.empty();
                if (type.isInstance(value)) {
                    found = Optional.of(type.cast(value));
                } else if (value != null && depth > 1) {
                    found = reachable(value, type, depth - 1);
                }
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    private static Object value(Object object, Field field) {
        try {
            field.setAccessible(true);
            return field.get(object);
        } catch (ReflectiveOperationException | RuntimeException e) {
            return null;
        }
    }
}
