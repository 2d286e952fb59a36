package dev.lorikeet.memory;

/**
 * The peak memory until a moment of a training run.
 *
 * @param label the moment, such as "epoch 0 start" or "batch 25"
 * @param measured what was measured
 * @param peakGiB since the run began, in GiB (2³⁰ bytes), to three decimals
 */
public record MemorySample(String label, Measured measured, double peakGiB) {}
