package dev.lorikeet.tensor;

import ai.djl.ndarray.NDArray;

/**
 * Rows of whole numbers: code = round(127 · number / the row's largest magnitude).
 *
 * @param codes one a number
 * @param scales of each row: its largest magnitude / 127
 */
record Int8(byte[] codes, float[] scales) {

    private static final int MOST = 127;

    static Int8 of(NDArray matrix) {
        int rows = Math.toIntExact(matrix.getShape().get(0));
        int columns = Math.toIntExact(matrix.getShape().get(1));
        byte[] codes = new byte[Math.multiplyExact(rows, columns)];
        float[] scales = new float[rows];
        Blocks.each(matrix, columns, (numbers, first, count) -> {
            for (int row = 0; row < count; row++) {
                float largest = Blocks.largest(numbers, row * columns, columns);
                scales[first + row] = largest / MOST;
                float factor = largest == 0 ? 0 : MOST / largest;
                for (int i = 0; i < columns; i++) {
                    codes[(first + row) * columns + i] = (byte) Math.round(numbers[row * columns + i] * factor);
                }
            }
        });
        return new Int8(codes, scales);
    }
}
