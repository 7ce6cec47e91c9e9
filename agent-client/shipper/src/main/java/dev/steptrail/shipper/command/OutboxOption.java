package dev.steptrail.shipper.command;

import dev.steptrail.tracker.outbox.Outbox;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --outbox}, which all commands have. */
final class OutboxOption {
    @Option(
            names = "--outbox",
            paramLabel = "DIR",
            description = "The outbox (default: $STEPTRAIL_OUTBOX, else ~/.steptrail/outbox).")
    private @Nullable Path folder;

    Outbox open() throws IOException {
        if (folder != null) {
            return Outbox.in(folder);
        }
        String set = System.getenv("STEPTRAIL_OUTBOX");
        return Outbox.in(
                set == null || set.isBlank()
                        ? Path.of(System.getProperty("user.home"), ".steptrail", "outbox")
                        : Path.of(set));
    }
}
