package dev.steptrail.cli.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.cli.terminal.Terminal;
import java.io.PrintWriter;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The base of all commands: access to the environment, and printing. */
public abstract class SteptrailCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @ParentCommand
    private GlobalOptions globalOptions;

    protected final CommandSpec spec() {
        return spec;
    }

    protected final Map<String, String> environment() {
        return globalOptions.environment();
    }

    public final ZoneId zone() {
        return globalOptions.zone();
    }

    /** Returns an error of the command, or of its subcommand that was given. */
    public final ParameterException usageError(String message) {
        List<CommandLine> given = spec.commandLine().getParseResult().asCommandLineList();
        return new ParameterException(given.get(given.size() - 1), message);
    }

    public final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    public final PrintWriter err() {
        return spec.commandLine().getErr();
    }

    /** Prints a line that may contain untrusted names and texts. */
    public final void println(String line) {
        out().println(Terminal.printable(line));
    }

    /** Prints JSON, which may contain untrusted texts. */
    public final void print(Object json) {
        out().println(Terminal.printableJson(json.toString()));
    }

    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /**
     * Checks the value of an option.
     *
     * @throws ParameterException if the value, unless it is null, is less than the minimum
     */
    public final void requireAtLeast(int min, String option, @Nullable Integer value) {
        if (value != null && value < min) {
            throw usageError(option + " must be at least " + min + ", but is " + value);
        }
    }

    public final void printError(@Nullable String line) {
        err().println(Terminal.printable("steptrail: " + line));
    }
}
