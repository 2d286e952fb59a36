package dev.lorikeet.notebook;

import org.dflib.jjava.jupyter.Extension;
import org.dflib.jjava.jupyter.kernel.BaseKernel;

/** The extension that JJava loads by its service file as soon as the jar is on the kernel's classpath. */
public final class LorikeetExtension implements Extension {

    @Override
    public void install(BaseKernel kernel) {
        try {
            Integration.install(new JJavaKernel(kernel));
        } catch (Throwable e) {
            System.err.println("Lorikeet could not be installed in the kernel: " + e);
        }
    }
}
