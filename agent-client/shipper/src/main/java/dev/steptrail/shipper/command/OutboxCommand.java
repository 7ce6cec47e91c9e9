package dev.steptrail.shipper.command;

import dev.steptrail.tracker.outbox.Outbox;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** What all commands have: they work on an outbox, print, and tell how they are used. */
abstract class OutboxCommand implements Callable<Integer> {
    @Option(
            names = "--outbox",
            paramLabel = "DIR",
            description = "The outbox (default: $STEPTRAIL_OUTBOX, else ~/.steptrail/outbox).")
    private @Nullable Path folder;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and end.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean help;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Steptrail steptrail;

    final Map<String, String> environment() {
        return steptrail.environment();
    }

    final Outbox openOutbox() throws IOException {
        if (folder != null) {
            return Outbox.in(folder);
        }
        String set = environment().get("STEPTRAIL_OUTBOX");
        return Outbox.in(
                set == null || set.isBlank()
                        ? Path.of(System.getProperty("user.home"), ".steptrail", "outbox")
                        : Path.of(set));
    }

    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    final PrintWriter err() {
        return spec.commandLine().getErr();
    }
}
