package dev.lorikeet.tensor;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.tensor.engine.PyTorchEngine;

/** Devices of the PyTorch engine, and managers of the arrays on them. */
public final class Torch {

    private Torch() {}

    /**
     * A new base manager on the CPU; starts the engine if need be.
     *
     * @throws LorikeetException if the engine or its native libraries cannot be loaded; the message says what to do
     */
    public static NDManager manager() {
        return manager(Device.cpu());
    }

    /** A new base manager on a device; see {@link #manager()}. */
    public static NDManager manager(Device device) {
        return PyTorchEngine.get().newBaseManager(device);
    }

    /** A manager on the CPU that lives as long as the process, for the small arguments of one call; close what it makes. */
    public static NDManager host() {
        return PyTorchEngine.host();
    }

    /** The first GPU that the engine can use, else the CPU. */
    public static Device defaultDevice() {
        return hasGpu() ? Device.gpu() : Device.cpu();
    }

    /** Gives the memory back that the engine keeps on GPUs for later; there is none of it on a CPU. */
    public static void emptyCache() {
        if (hasGpu()) {
            JniUtils.emptyCudaCache();
        }
    }

    private static boolean hasGpu() {
        return PyTorchEngine.get().getGpuCount() > 0;
    }
}
