package dev.steptrail.shipper.command;

import dev.steptrail.shipper.admin.AdminApi;
import dev.steptrail.shipper.admin.ApiProblem;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** What the commands have in common that ask the API, as an admin. Most are a name for several, which are their methods. */
abstract class ApiCommand implements Callable<Integer> {
    /** Something that is done to each of those that are named. */
    interface Deed {
        /** Does it, and tells what came of it; whether that is well. */
        boolean to(AdminApi api, String id) throws IOException;
    }

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "For programs: JSON.")
    private boolean json;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help and end.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean help;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Steptrail steptrail;

    /** Reached when none of them is named. */
    @Override
    public Integer call() throws IOException {
        throw wrong("name one of: " + String.join(", ", spec.subcommands().keySet()));
    }

    final ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    final AdminApi api() throws IOException {
        return AdminApi.from(steptrail.environment());
    }

    /**
     * Does it to each by itself: that one is not there any more is no reason to leave the others.
     *
     * @return the exit code
     */
    final int each(List<String> ids, Deed deed) throws IOException {
        AdminApi api = api();
        boolean allWell = true;
        for (String id : ids) {
            try {
                allWell &= deed.to(api, id);
            } catch (ApiProblem problem) {
                allWell = false;
                tellError(id + ": " + problem.getMessage());
            }
        }
        return allWell ? 0 : 1;
    }

    /** Whether a program reads what is printed. */
    final boolean json() {
        return json;
    }

    /** For programs: as it is. */
    final void print(Object text) {
        spec.commandLine().getOut().println(text);
    }

    /** For people, whatever is in it. */
    final void tell(String line) {
        new LinePrinter(spec.commandLine().getOut()).println(line);
    }

    final void tellError(@Nullable String line) {
        new LinePrinter(spec.commandLine().getErr()).println("steptrail: " + line);
    }
}
