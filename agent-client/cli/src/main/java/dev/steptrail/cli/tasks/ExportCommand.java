package dev.steptrail.cli.tasks;

import dev.steptrail.cli.api.ApiQuery;
import dev.steptrail.cli.command.ApiCommand;
import dev.steptrail.cli.command.TaskCommand;
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
            "Save a task as a ZIP file, or multiple tasks as JSON Lines.",
            "With a TASK, it saves a ZIP file with the records, the screenshots, and a report that needs no network. With"
                    + " --all or at least one filter, it saves the records of the matching tasks as JSON Lines.",
            "With --json, it prints the path and the size of the saved file as JSON."
        },
        footer = {
            "  steptrail export " + TaskCommand.EXAMPLE_ID + " --out task.zip",
            "  steptrail export --status failed --since 2026-05-14T00:00:00+08:00"
        })
public final class ExportCommand extends ApiCommand {
    @Parameters(paramLabel = "TASK", arity = "0..1", description = "Task id, as printed by steptrail tasks.")
    private @Nullable UUID task;

    @Option(names = "--all", description = "Export all tasks as JSON Lines; for admins, those of all owners.")
    private boolean all;

    @ArgGroup(exclusive = false, heading = "%nFilters (export the matching tasks as JSON Lines):%n")
    private @Nullable TaskFilters filters;

    @Option(names = "--lang", paramLabel = "en|zh", description = "Language of the report in a ZIP file (default: en).")
    private @Nullable String lang;

    @Option(names = "--out", paramLabel = "FILE", description = "Output file (default: TASK.zip or tasks.jsonl).")
    private @Nullable Path out;

    @Override
    public Integer call() throws IOException {
        boolean multiple = all || filters != null;
        if (multiple == (task != null)) {
            throw usageError("expected either a TASK, or --all, or a filter such as --since");
        }
        requireOneOf("--lang", lang, "en, zh");
        if (multiple && lang != null) {
            throw usageError("--lang requires a TASK: it applies only to the report in a ZIP file");
        }
        ApiQuery query = new ApiQuery(multiple ? "/api/export" : "/api/tasks/" + task + "/export", "export")
                .withParameter("lang", lang);
        if (filters != null) {
            filters.applyTo(query, this);
        }
        Path defaultFile = Path.of(multiple ? "tasks.jsonl" : task + ".zip");
        save(query.pathAndQuery(), out == null ? defaultFile : out);
        return 0;
    }
}
