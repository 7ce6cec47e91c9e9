package dev.steptrail.cli;

import dev.steptrail.cli.api.Listing;
import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "export",
        description = {
            "Save a task as a ZIP: its records, its screenshots, and a report that needs no network.",
            "Or many tasks as JSON Lines, a record a line: --all, or all that fit what is asked."
        })
final class ExportCommand extends ApiCommand {
    @Parameters(paramLabel = "TASK", arity = "0..1", description = "The task's id, as tasks shows it.")
    private @Nullable UUID task;

    @Option(names = "--all", description = "All your tasks, as JSON Lines; for admins, those of all owners.")
    private boolean all;

    @ArgGroup(exclusive = false, heading = "%nMany tasks, as JSON Lines:%n")
    private @Nullable TaskFilters filters;

    @Option(names = "--lang", paramLabel = "en|zh", description = "The language of a ZIP's report (default: en).")
    private @Nullable String lang;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Where to (default: TASK.zip; tasks.jsonl for many tasks).")
    private @Nullable Path out;

    @Override
    public Integer call() throws IOException {
        boolean many = all || filters != null;
        if (many == (task != null)) {
            throw wrong("name one TASK, or say which tasks: --all, or a filter such as --since");
        }
        requireOneOf("--lang", lang, "en", "zh");
        if (many && lang != null) {
            throw wrong("--lang is for a ZIP: JSON Lines have none");
        }
        Listing asked =
                new Listing(many ? "/api/export" : "/api/tasks/" + task + "/export", "export").with("lang", lang);
        if (filters != null) {
            filters.narrow(asked, this);
        }
        Path usual = Path.of(many ? "tasks.jsonl" : task + ".zip");
        save(asked.address(), out == null ? usual : out);
        return 0;
    }
}
