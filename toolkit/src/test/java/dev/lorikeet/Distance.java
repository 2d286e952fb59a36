package dev.lorikeet;

/** How far numbers are from what they should be. */
public final class Distance {

    private Distance() {}

    /** The Euclidean norm of the difference over that of what was expected. */
    public static double relative(float[] expected, float[] found) {
        double difference = 0;
        double size = 0;
        for (int i = 0; i < expected.length; i++) {
            difference += Math.pow(expected[i] - found[i], 2);
            size += Math.pow(expected[i], 2);
        }
        return Math.sqrt(difference / size);
    }
}
