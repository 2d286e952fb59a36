package dev.lorikeet.notebook;

import dev.lorikeet.notebook.view.MimeBundle;
import dev.lorikeet.notebook.view.Rule;
import io.github.spencerpark.jupyter.channels.ShellReplyEnvironment;
import io.github.spencerpark.jupyter.kernel.BaseKernel;
import io.github.spencerpark.jupyter.kernel.DisplayStream;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.kernel.display.RenderContext;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import io.github.spencerpark.jupyter.messages.publish.PublishDisplayData;
import io.github.spencerpark.jupyter.messages.publish.PublishUpdateDisplayData;

/** The IJava 1.3 kernel. It has no extensions, so users call {@link Lorikeet#init()}. */
final class IJavaKernel implements Kernel {

    private final BaseKernel kernel;

    IJavaKernel(BaseKernel kernel) {
        this.kernel = kernel;
    }

    /** Wraps the result of {@code IJava.getKernelInstance()}. */
    static Kernel of(Object kernel) {
        return new IJavaKernel((BaseKernel) kernel);
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
    public void evaluate(String source) throws Exception {
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
