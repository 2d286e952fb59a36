package dev.lorikeet.model;

import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.lang.reflect.Field;
import java.util.Map;

/** Counts the native arrays that a manager and those below it hold, which DJL only prints. */
public final class ManagedArrays {

    private ManagedArrays() {}

    public static int count(NDManager manager) {
        try {
            Field field = BaseNDManager.class.getDeclaredField("resources");
            field.setAccessible(true);
            int count = 0;
            for (Object resource : ((Map<?, ?>) field.get(manager)).values()) {
                count += resource instanceof NDManager below ? count(below) : resource instanceof NDArray ? 1 : 0;
            }
            return count;
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
