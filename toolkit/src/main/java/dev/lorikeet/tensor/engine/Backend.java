package dev.lorikeet.tensor.engine;

import ai.djl.Device;
import com.sun.jna.Platform;

/** What the engine can do on a device: the one place that knows. */
public record Backend(Device device) {

    /** Operations that some devices lack, or are slow at. */
    public enum Operation {
        /** quantized::embedding_bag_4bit_unpack, which dequantizes whole Q4_1 blocks. */
        UNPACK_Q4_1,
        /**
         * _weight_int4pack_mm_for_cpu and _weight_int8pack_mm: products of a few bfloat16 rows with quantized weights. They are
         * written with the vectors of x86-64; elsewhere they are slower than dequantizing.
         */
        PACKED_MATMUL,
        /** Products of single float32 rows in several ways, the fastest of which is worth finding out. */
        SPLIT_GEMV,
        /** Products in float16 by instructions of its own. */
        FLOAT16_MATMUL
    }

    private static final boolean HAS_PACKED_MATMUL = Platform.isIntel() && Platform.is64Bit() && !Platform.isWindows();

    /** Whether it is there and fast. */
    public boolean supports(Operation operation) {
        return switch (operation) {
            case UNPACK_Q4_1, SPLIT_GEMV -> !device.isGpu();
            case PACKED_MATMUL -> !device.isGpu() && HAS_PACKED_MATMUL;
            case FLOAT16_MATMUL -> device.isGpu();
        };
    }
}
