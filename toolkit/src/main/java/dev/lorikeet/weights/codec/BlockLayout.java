package dev.lorikeet.weights.codec;

/**
 * How a quantized GGUF type packs its blocks. A block holds one or several groups; the weights of a group share a scale, and
 * weight = scale · (q − zeroPoint) + minimum.
 *
 * @param groupSize weights that share a scale, at most 32
 * @param bits of a quantized value while it stays quantized in memory: 4 for values 0 to 15, 8 for signed bytes
 * @param zeroPoint what is subtracted from each quantized value
 * @param halfScales whether scales and minima are exact in float16; products of two need float32
 * @param hasMinimum whether there is a minimum; without one it counts as 0
 * @param unpacker takes one group out of a block
 */
record BlockLayout(int groupSize, int bits, int zeroPoint, boolean halfScales, boolean hasMinimum, Unpacker unpacker) {

    private static final int LARGEST_GROUP = 32;

    /** One group's scale, minimum and quantized values. */
    static final class QuantGroup {
        float scale;
        float minimum;
        final int[] values = new int[LARGEST_GROUP];
    }

    /** Takes group {@code index} out of the block that begins at byte {@code from}. */
    @FunctionalInterface
    interface Unpacker {
        void unpack(byte[] stored, int from, int index, QuantGroup group);
    }

    /** A layout with float16 scales and no minimum. */
    static BlockLayout scaled(int groupSize, int bits, int zeroPoint, Unpacker unpacker) {
        return new BlockLayout(groupSize, bits, zeroPoint, true, false, unpacker);
    }

    /** A layout with float16 scales and minima. */
    static BlockLayout affine(int groupSize, int bits, Unpacker unpacker) {
        return new BlockLayout(groupSize, bits, 0, true, true, unpacker);
    }

    /** This layout with scales (and minima) that are products, and so need float32. */
    BlockLayout inFloat32() {
        return new BlockLayout(groupSize, bits, zeroPoint, false, hasMinimum, unpacker);
    }

    /** A decoder to float32 of blocks of so many weights and bytes. */
    Decoder decoder(int blockWeights, int blockBytes) {
        return (stored, blocks, bits) -> {
            QuantGroup group = new QuantGroup();
            for (int block = 0; block < blocks; block++) {
                for (int index = 0; index < blockWeights / groupSize; index++) {
                    unpacker.unpack(stored, block * blockBytes, index, group);
                    dequantize(group, bits, block * blockWeights + index * groupSize);
                }
            }
        };
    }

    private void dequantize(QuantGroup group, int[] bits, int to) {
        if (hasMinimum) {
            for (int i = 0; i < groupSize; i++) {
                bits[to + i] = Float.floatToRawIntBits(group.scale * group.values[i] + group.minimum);
            }
        } else {
            // Adding a minimum of 0 would turn -0 into 0.
            for (int i = 0; i < groupSize; i++) {
                bits[to + i] = Float.floatToRawIntBits(group.scale * (group.values[i] - zeroPoint));
            }
        }
    }
}
