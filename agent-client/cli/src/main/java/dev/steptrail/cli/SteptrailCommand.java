package dev.steptrail.cli;

import java.io.PrintWriter;
import java.time.ZoneId;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The base of all commands: access to the environment, and printing. */
abstract class SteptrailCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Steptrail steptrail;

    final CommandSpec spec() {
        return spec;
    }

    final Map<String, String> environment() {
        return steptrail.environment();
    }

    final ZoneId zone() {
        return steptrail.zone();
    }

    final ParameterException usageError(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    final PrintWriter err() {
        return spec.commandLine().getErr();
    }

    /** Prints a line that may contain untrusted names and texts. */
    final void println(String line) {
        out().println(Terminal.printable(line));
    }

    final void printError(@Nullable String line) {
        err().println(Terminal.printable("steptrail: " + line));
    }
}
