package dev.steptrail.shipper.command;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code steptrail export}: a task to take along. */
@Command(
        name = "export",
        description = "Save a task as a ZIP: its records, its screenshots, and a report that needs no network.",
        footer = {"", ApiCommand.SETTINGS})
final class ExportCommand extends TaskCommand {
    @Option(names = "--out", paramLabel = "FILE", description = "Where to (default: TASK.zip).")
    private @Nullable Path out;

    @Override
    public Integer call() throws IOException {
        save(path("/export"), out == null ? Path.of(task() + ".zip") : out);
        return 0;
    }
}
