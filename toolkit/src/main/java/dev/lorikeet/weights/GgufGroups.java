package dev.lorikeet.weights;

import static dev.lorikeet.weights.Decoders.half;
import static dev.lorikeet.weights.KDecoders.nibble;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * How the weights of a GGUF type that share a scale are taken out of their block, as codes.
 *
 * @param length weights that share a scale
 * @param firstCode the least number that a code of 4 bits stands for; 0 in bytes, whose codes have a sign
 * @param nibbles whether a code takes 4 bits, else a byte
 * @param halves whether the constants are float16, else products that need float32
 */
record GgufGroups(int length, int firstCode, boolean nibbles, boolean halves, boolean hasMinimum, Taker taker) {

    /** What a group is made of; weight = scale · code + minimum. */
    static final class Group {
        float scale;
        float minimum;
        final int[] codes = new int[32];
    }

    /** Takes out the group of this number from the block that begins at {@code from}. */
    @FunctionalInterface
    interface Taker {
        void take(byte[] stored, int from, int number, Group group);
    }

    private static final Map<StoredType, GgufGroups> OF = new EnumMap<>(Map.of(
            StoredType.Q4_0, new GgufGroups(32, -8, true, true, false, GgufGroups::q4v0),
            StoredType.Q4_1, new GgufGroups(32, 0, true, true, true, GgufGroups::q4v1),
            StoredType.Q5_0, new GgufGroups(32, 0, false, true, false, GgufGroups::q5v0),
            StoredType.Q5_1, new GgufGroups(32, 0, false, true, true, GgufGroups::q5v1),
            StoredType.Q8_0, new GgufGroups(32, 0, false, true, false, GgufGroups::q8v0),
            StoredType.Q4_K, new GgufGroups(32, 0, true, false, true, GgufGroups::q4k),
            StoredType.Q5_K, new GgufGroups(32, 0, false, false, true, GgufGroups::q5k),
            StoredType.Q6_K, new GgufGroups(16, 0, false, false, false, GgufGroups::q6k)));

    static Optional<GgufGroups> of(StoredType type) {
        return Optional.ofNullable(OF.get(type));
    }

    private static void q4v0(byte[] stored, int from, int number, Group group) {
        group.scale = half(stored, from);
        split(stored, from + 2, group);
    }

    private static void q4v1(byte[] stored, int from, int number, Group group) {
        group.scale = half(stored, from);
        group.minimum = half(stored, from + 2);
        split(stored, from + 4, group);
    }

    private static void q5v0(byte[] stored, int from, int number, Group group) {
        group.scale = half(stored, from);
        split(stored, from + 6, group);
        for (int i = 0; i < 32; i++) {
            group.codes[i] += 16 * fifth(stored, from + 2, i) - 16;
        }
    }

    private static void q5v1(byte[] stored, int from, int number, Group group) {
        group.scale = half(stored, from);
        group.minimum = half(stored, from + 2);
        split(stored, from + 8, group);
        for (int i = 0; i < 32; i++) {
            group.codes[i] += 16 * fifth(stored, from + 4, i);
        }
    }

    private static void q8v0(byte[] stored, int from, int number, Group group) {
        group.scale = half(stored, from);
        for (int i = 0; i < 32; i++) {
            group.codes[i] = stored[from + 2 + i];
        }
    }

    private static void q4k(byte[] stored, int from, int number, Group group) {
        constants(stored, from, number, group);
        for (int i = 0; i < 32; i++) {
            group.codes[i] = nibble(stored[from + 16 + number / 2 * 32 + i], number);
        }
    }

    private static void q5k(byte[] stored, int from, int number, Group group) {
        constants(stored, from, number, group);
        for (int i = 0; i < 32; i++) {
            int high = stored[from + 16 + i] >> number & 1;
            group.codes[i] = nibble(stored[from + 48 + number / 2 * 32 + i], number) | high << 4;
        }
    }

    private static void constants(byte[] stored, int from, int number, Group group) {
        group.scale = half(stored, from) * KDecoders.scale(stored, from + 4, number);
        group.minimum = -(half(stored, from + 2) * KDecoders.minimum(stored, from + 4, number));
    }

    private static void q6k(byte[] stored, int from, int number, Group group) {
        group.scale = half(stored, from + 208) * stored[from + 192 + number];
        for (int i = 0; i < 16; i++) {
            int at = number * 16 + i;
            int half = at / 128;
            int low = nibble(stored[from + half * 64 + at % 64], at / 64);
            int high = stored[from + 128 + half * 32 + at % 32] >> at % 128 / 32 * 2 & 3;
            group.codes[i] = (low | high << 4) - 32;
        }
    }

    /** 16 bytes: the low nibbles are the first 16 codes, the high ones the others. */
    private static void split(byte[] stored, int from, Group group) {
        for (int i = 0; i < 16; i++) {
            group.codes[i] = stored[from + i] & 15;
            group.codes[i + 16] = stored[from + i] >> 4 & 15;
        }
    }

    private static int fifth(byte[] stored, int from, int number) {
        return stored[from + number / 8] >> number % 8 & 1;
    }
}
