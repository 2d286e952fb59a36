package dev.lorikeet.notebook;

import dev.lorikeet.notebook.view.MimeBundle;
import dev.lorikeet.notebook.view.Rule;
import org.dflib.jjava.jupyter.channels.ShellReplyEnvironment;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.dflib.jjava.jupyter.kernel.DisplayStream;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;
import org.dflib.jjava.jupyter.kernel.display.RenderContext;
import org.dflib.jjava.jupyter.kernel.display.mime.MIMEType;
import org.dflib.jjava.jupyter.messages.publish.PublishDisplayData;
import org.dflib.jjava.jupyter.messages.publish.PublishUpdateDisplayData;

/**
 * The JJava kernel. Compiled against 1.0-a6 and run with 1.0-a8: {@code DisplayData.setDisplayId} differs between the two and must not
 * be called.
 */
final class JJavaKernel implements Kernel {

    private final BaseKernel kernel;

    JJavaKernel(BaseKernel kernel) {
        this.kernel = kernel;
    }

    /** Returns the kernel of this JVM; throws if there is none. */
    static Kernel running() {
        return new JJavaKernel(BaseKernel.notebookKernel());
    }

    @Override
    public Object self() {
        return kernel;
    }

    @Override
    public <T> void register(Rule<T> rule) {
        kernel.getRenderer()
                .createRegistration(rule.type())
                .preferring(rule.kinds().toArray(String[]::new))
                .register((value, context) -> put(rule.show(value), context));
    }

    @Override
    public void listen() {
        JJavaRequests.install(kernel);
    }

    private static void put(MimeBundle bundle, RenderContext context) {
        DisplayData out = context.getOutputContainer();
        bundle.data().forEach((type, content) -> {
            if (context.wantsDataRenderedAs(MIMEType.parse(type))) {
                out.putData(type, content.get());
                if (bundle.metadata().containsKey(type)) {
                    out.putMetaData(type, bundle.metadata().get(type));
                }
            }
        });
    }

    @Override
    public void evaluate(String source) {
        kernel.eval(source);
    }

    @Override
    public Object cell() {
        return Cells.of(kernel.getIO().display, DisplayStream.class);
    }

    @Override
    public void display(Object cell, String id, MimeBundle bundle) {
        if (cell instanceof ShellReplyEnvironment environment) {
            environment.publish(new PublishDisplayData(displayData(id, bundle)));
        }
    }

    @Override
    public void update(Object cell, String id, MimeBundle bundle) {
        Object now = cell();
        if ((now == null ? cell : now) instanceof ShellReplyEnvironment environment) {
            environment.publish(new PublishUpdateDisplayData(displayData(id, bundle)));
        }
    }

    @Override
    public void print(Object cell, boolean error, String text) {
        if (cell instanceof ShellReplyEnvironment environment) {
            if (error) {
                environment.writeToStdErr(text);
            } else {
                environment.writeToStdOut(text);
            }
        }
    }

    private static DisplayData displayData(String id, MimeBundle bundle) {
        DisplayData display = new DisplayData();
        bundle.data().forEach((type, content) -> display.putData(type, content.get()));
        bundle.metadata().forEach(display::putMetaData);
        display.putTransientData("display_id", id);
        return display;
    }
}
