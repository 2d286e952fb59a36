package dev.lorikeet.notebook;

import java.util.Optional;

/** Finds the Java kernel of this JVM. */
final class Kernels {

    private static final String IJAVA = "io.github.spencerpark.ijava.IJava";

    private Kernels() {}

    static Optional<Kernel> running() {
        return jjava().or(Kernels::ijava);
    }

    private static Optional<Kernel> jjava() {
        try {
            return Optional.of(JJavaKernel.running());
        } catch (RuntimeException | LinkageError e) {
            return Optional.empty();
        }
    }

    /** Finds IJava by reflection, since no registry has it to compile against. */
    private static Optional<Kernel> ijava() {
        try {
            Object kernel = Class.forName(IJAVA).getMethod("getKernelInstance").invoke(null);
            return Optional.ofNullable(kernel).map(IJavaKernel::of);
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
            return Optional.empty();
        }
    }
}
