package dev.lorikeet.notebook;

import dev.lorikeet.notebook.cells.CellErrors;
import dev.lorikeet.notebook.cells.CellHelp;
import dev.lorikeet.notebook.cells.CellLog;
import dev.lorikeet.notebook.cells.Completions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import jdk.jshell.JShell;
import org.dflib.jjava.jupyter.channels.JupyterConnection;
import org.dflib.jjava.jupyter.channels.JupyterSocket;
import org.dflib.jjava.jupyter.channels.ShellChannel;
import org.dflib.jjava.jupyter.channels.ShellHandler;
import org.dflib.jjava.jupyter.channels.ShellReplyEnvironment;
import org.dflib.jjava.jupyter.channels.StdinChannel;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;
import org.dflib.jjava.jupyter.messages.ContentType;
import org.dflib.jjava.jupyter.messages.Message;
import org.dflib.jjava.jupyter.messages.MessageContext;
import org.dflib.jjava.jupyter.messages.MessageType;
import org.dflib.jjava.jupyter.messages.publish.PublishError;
import org.dflib.jjava.jupyter.messages.publish.PublishExecuteInput;
import org.dflib.jjava.jupyter.messages.reply.CompleteReply;
import org.dflib.jjava.jupyter.messages.reply.InspectReply;
import org.dflib.jjava.jupyter.messages.request.CompleteRequest;
import org.dflib.jjava.jupyter.messages.request.ExecuteRequest;
import org.dflib.jjava.jupyter.messages.request.InspectRequest;

/**
 * Stands between JJava's connection and its handlers: it sees where a cell begins and ends, and rewords errors, completions and
 * documentation. JJava offers no hook for that, so it looks into private fields; where those are others, everything stays as
 * JJava has it.
 */
final class JJavaRequests {

    private static final long LOOK_MILLIS = 50;

    private final JShell shell;
    private final CellLog log;
    private final CellErrors errors;

    private JJavaRequests(JShell shell) {
        this.shell = shell;
        this.log = new CellLog(shell);
        this.errors = new CellErrors(log);
    }

    /** Installs itself as soon as the kernel is connected, which is after its extensions are installed. */
    static void install(BaseKernel kernel) {
        JShell shell;
        try {
            shell = (JShell) kernel.getClass().getMethod("getJShell").invoke(kernel);
        } catch (ReflectiveOperationException e) {
            return;
        }
        JJavaRequests requests = new JJavaRequests(shell);
        AtomicReference<Future<?>> looking = new AtomicReference<>();
        looking.set(CellOutput.CLOCK.scheduleWithFixedDelay(
                () -> connection().ifPresent(connection -> {
                    requests.handle(connection);
                    looking.get().cancel(false);
                }),
                LOOK_MILLIS,
                LOOK_MILLIS,
                TimeUnit.MILLISECONDS));
    }

    /** Finds the connection through the threads that read from it. */
    private static Optional<JupyterConnection> connection() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getClass().getName().equals("org.dflib.jjava.jupyter.channels.Loop"))
                .flatMap(loop -> KernelFields.reachable(loop, ShellChannel.class, 4).stream())
                .flatMap(channel -> KernelFields.of(channel, JupyterConnection.class).stream())
                .findFirst();
    }

    private void handle(JupyterConnection connection) {
        ShellHandler<ExecuteRequest> execute = connection.getHandler(MessageType.EXECUTE_REQUEST);
        ShellHandler<CompleteRequest> complete = connection.getHandler(MessageType.COMPLETE_REQUEST);
        ShellHandler<InspectRequest> inspect = connection.getHandler(MessageType.INSPECT_REQUEST);
        connection.setHandler(MessageType.EXECUTE_REQUEST, (environment, message) -> {
            Environment mine = environment(environment);
            try {
                execute.handle(mine, message);
                mine.end();
            } finally {
                mine.resolveDeferrals();
            }
        });
        connection.setHandler(MessageType.COMPLETE_REQUEST, (environment, message) -> {
            Environment mine = environment(environment);
            try {
                complete.handle(mine, message);
            } finally {
                mine.resolveDeferrals();
            }
        });
        connection.setHandler(
                MessageType.INSPECT_REQUEST, (environment, message) -> inspect(inspect, environment, message));
    }

    private void inspect(
            ShellHandler<InspectRequest> otherwise,
            ShellReplyEnvironment environment,
            Message<InspectRequest> message) {
        Optional<CellHelp> help;
        try {
            InspectRequest request = message.getContent();
            help = CellHelp.at(shell, request.getCode(), request.getCursorPos());
        } catch (RuntimeException e) {
            help = Optional.empty();
        }
        if (help.isEmpty()) {
            otherwise.handle(environment, message);
            return;
        }
        environment.setBusyDeferIdle();
        DisplayData data = new DisplayData(help.get().text());
        data.putHTML(help.get().html());
        environment.reply(new InspectReply(true, data));
    }

    private Environment environment(ShellReplyEnvironment theirs) {
        return new Environment(
                (ShellChannel) theirs.getShell(),
                KernelFields.of(theirs, StdinChannel.class).orElse(null),
                theirs.getIopub(),
                theirs.getContext());
    }

    /** What a handler answers goes through here. */
    private final class Environment extends ShellReplyEnvironment {

        private boolean failed;

        Environment(ShellChannel shell, StdinChannel stdin, JupyterSocket iopub, MessageContext context) {
            super(shell, stdin, iopub, context);
        }

        @Override
        @SuppressWarnings("unchecked")
        public <T extends ContentType<T>> void publish(T content) {
            if (content instanceof PublishExecuteInput input) {
                log.begin(input.getCount(), input.getCode());
            }
            super.publish(content instanceof PublishError error ? (T) reworded(error) : content);
        }

        private PublishError reworded(PublishError error) {
            failed = true;
            try {
                List<String> lines = errors.words(error.getStacktrace());
                return new PublishError(error.getErrorName(), CellErrors.first(lines), lines);
            } catch (RuntimeException e) {
                return error;
            }
        }

        @Override
        @SuppressWarnings("unchecked")
        public <T extends ContentType<T>> void reply(T content) {
            super.reply(content instanceof CompleteReply reply ? (T) shortened(reply) : content);
        }

        private CompleteReply shortened(CompleteReply reply) {
            boolean nothingTyped = reply.getCursorStart() == reply.getCursorEnd();
            return new CompleteReply(
                    Completions.shown(reply.getMatches(), nothingTyped),
                    reply.getCursorStart(),
                    reply.getCursorEnd(),
                    reply.getMetadata());
        }

        private void end() {
            if (failed) {
                log.fail();
            } else {
                log.end().forEach(line -> writeToStdErr(line + "\n"));
            }
        }
    }
}
