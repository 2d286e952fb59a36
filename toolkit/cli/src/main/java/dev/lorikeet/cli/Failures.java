package dev.lorikeet.cli;

import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.base.StoppedException;
import java.io.PrintWriter;
import java.util.List;
import java.util.function.BooleanSupplier;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Prints errors and chooses the exit status. */
final class Failures implements IParameterExceptionHandler, IExecutionExceptionHandler {

    /** The status that shells report for a process that SIGINT ended. */
    static final int STOPPED = 130;

    private final BooleanSupplier traces;

    /** @param traces whether to print stack traces */
    Failures(BooleanSupplier traces) {
        this.traces = traces;
    }

    /** Throws a usage error unless {@code holds}. */
    static void usageUnless(boolean holds, CommandSpec command, String problem) {
        if (!holds) {
            throw new ParameterException(command.commandLine(), problem);
        }
    }

    @Override
    public int handleParseException(ParameterException thrown, String[] args) {
        CommandLine command = thrown.getCommandLine();
        ParameterException e = nearestCause(thrown);
        PrintWriter errors = command.getErr();
        errors.println("lorikeet: " + e.getMessage());
        UnmatchedArgumentException.printSuggestions(e, errors);
        errors.println("See \"" + command.getCommandSpec().qualifiedName() + " --help\".");
        trace(e, errors);
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }

    /** Reports an unknown option rather than a missing one, which is often the same option mistyped. */
    private static ParameterException nearestCause(ParameterException e) {
        List<String> unknown = e.getCommandLine().getUnmatchedArguments();
        return e instanceof MissingParameterException && !unknown.isEmpty()
                ? new UnmatchedArgumentException(e.getCommandLine(), unknown)
                : e;
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine command, ParseResult result) {
        PrintWriter errors = command.getErr();
        boolean expected = e instanceof LorikeetException;
        errors.println(
                "lorikeet: " + (expected ? e.getMessage() : e + " (unexpected; --trace prints the stack trace)"));
        trace(e, errors);
        return e instanceof StoppedException
                ? STOPPED
                : command.getCommandSpec().exitCodeOnExecutionException();
    }

    private void trace(Exception e, PrintWriter errors) {
        if (traces.getAsBoolean()) {
            e.printStackTrace(errors);
        }
    }
}
