package dev.lorikeet.train.history;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import com.google.gson.TypeAdapter;
import com.google.gson.TypeAdapterFactory;
import com.google.gson.reflect.TypeToken;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Locale;

/** Reads and writes records as JSON objects with the names of their components in snake_case. Gson handles records by itself
 * from 2.10 on: see {@link dev.lorikeet.base.Json}. */
public final class RecordJson implements TypeAdapterFactory {

    @Override
    public <T> TypeAdapter<T> create(Gson gson, TypeToken<T> type) {
        return type.getRawType().isRecord() ? new RecordAdapter<T>(gson, type.getRawType()).nullSafe() : null;
    }

    private static final class RecordAdapter<T> extends TypeAdapter<T> {

        private final RecordComponent[] components;
        private final String[] names;
        private final TypeAdapter<Object>[] adapters;
        private final Constructor<?> constructor;

        @SuppressWarnings("unchecked")
        RecordAdapter(Gson gson, Class<?> type) {
            components = type.getRecordComponents();
            names = Arrays.stream(components)
                    .map(component -> snakeCase(component.getName()))
                    .toArray(String[]::new);
            adapters = Arrays.stream(components)
                    .map(component -> gson.getAdapter(TypeToken.get(component.getGenericType())))
                    .toArray(TypeAdapter[]::new);
            try {
                constructor = type.getDeclaredConstructor(
                        Arrays.stream(components).map(RecordComponent::getType).toArray(Class[]::new));
            } catch (NoSuchMethodException e) {
                throw new LinkageError(type + " is a record without a canonical constructor", e);
            }
            constructor.setAccessible(true);
            for (RecordComponent component : components) {
                component.getAccessor().setAccessible(true);
            }
        }

        @Override
        public void write(JsonWriter out, T value) throws IOException {
            out.beginObject();
            for (int i = 0; i < components.length; i++) {
                out.name(names[i]);
                try {
                    adapters[i].write(out, components[i].getAccessor().invoke(value));
                } catch (ReflectiveOperationException e) {
                    throw new LinkageError(e.getMessage(), e);
                }
            }
            out.endObject();
        }

        @Override
        @SuppressWarnings("unchecked")
        public T read(JsonReader in) throws IOException {
            Object[] values = new Object[components.length];
            in.beginObject();
            while (in.hasNext()) {
                int index = Arrays.asList(names).indexOf(in.nextName());
                if (index < 0) {
                    in.skipValue();
                } else {
                    values[index] = adapters[index].read(in);
                }
            }
            in.endObject();
            try {
                return (T) constructor.newInstance(values);
            } catch (ReflectiveOperationException | IllegalArgumentException e) {
                throw new JsonParseException(
                        "not a " + constructor.getDeclaringClass().getSimpleName(), e);
            }
        }

        private static String snakeCase(String camelCase) {
            return camelCase.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
        }
    }
}
