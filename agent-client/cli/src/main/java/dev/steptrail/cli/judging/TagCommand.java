package dev.steptrail.cli.judging;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.cli.command.ApiCommand;
import dev.steptrail.cli.command.TaskCommand;
import dev.steptrail.cli.tasks.TaskFilters;
import dev.steptrail.cli.terminal.TextFormat;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "tag",
        description = "Tag tasks: list, add or remove tags.",
        footer = {
            "  steptrail tag add " + TaskCommand.EXAMPLE_ID + " nightly camera",
            "  steptrail tag list " + TaskCommand.EXAMPLE_ID
        })
public final class TagCommand extends ApiCommand {
    /** The maximum number of tags in a request that changes several tasks. */
    private static final int MAX_CHANGED = 10;

    /** The tasks to change, and the tags to add or remove. */
    static final class Change {
        @Parameters(
                arity = "1..*",
                paramLabel = "[TASK]... TAG",
                description = "Task ids, as printed by steptrail tasks, and tags of 1 to 50 characters: " + MAX_CHANGED
                        + " at most for several tasks.")
        private List<String> arguments = List.of();

        @Mixin
        private final TaskSelection selection = new TaskSelection();
    }

    @Command(
            name = "list",
            description = "List the tags of a task.",
            footer = "  steptrail tag list " + TaskCommand.EXAMPLE_ID)
    void list(@Parameters(paramLabel = "TASK", description = TaskCommand.TASK) UUID task) throws IOException {
        printTags(api().send("GET", "/api/tasks/" + task, null));
    }

    @Command(
            name = "add",
            description = {
                "Add tags to tasks. A task has at most 50 tags.",
                "Of one TASK, all tags are printed; of several tasks, the number of those that were changed."
            },
            exitCodeList = TaskSelection.FAILURE,
            footer = {
                "  steptrail tag add " + TaskCommand.EXAMPLE_ID + " nightly camera",
                "  steptrail tag add nightly --since 2026-05-14T00:00:00+08:00 --agent Open-AutoGLM"
            })
    int add(@Mixin Change change) throws IOException {
        return change("PUT", "add", change);
    }

    @Command(
            name = "remove",
            description = {
                "Remove tags from tasks.",
                "Of one TASK, its remaining tags are printed; of several tasks, the number of those that were changed."
            },
            exitCodeList = TaskSelection.FAILURE,
            footer = {
                "  steptrail tag remove " + TaskCommand.EXAMPLE_ID + " nightly",
                "  steptrail tag remove nightly --tag nightly --until 2026-05-14T00:00:00+08:00"
            })
    int remove(@Mixin Change change) throws IOException {
        return change("DELETE", "remove", change);
    }

    /** @param field the field of the route that changes several tasks */
    private int change(String method, String field, Change change) throws IOException {
        List<UUID> tasks = TaskSelection.taskIds(change.arguments);
        List<String> tags = change.arguments.stream()
                .filter(argument -> !TaskSelection.isTaskId(argument))
                .toList();
        boolean isSingle = change.selection.isSingleTask(tasks, this);
        if (tags.isEmpty()) {
            throw usageError("expected at least one TAG");
        }
        if (isSingle) {
            return change(method, tasks.get(0), tags);
        }
        if (tags.size() > MAX_CHANGED) {
            throw usageError(
                    "expected at most " + MAX_CHANGED + " tags for several tasks, but there are " + tags.size());
        }
        tags.forEach(tag -> segment("tag", tag, TaskFilters.MAX_TAG_LENGTH));
        ObjectNode body = object();
        tags.forEach(tag -> body.withArray(field).add(tag));
        return change.selection.change("/api/bulk/tags", body, tasks, "50 tags", this);
    }

    /** Changes one tag after the other, also if the API rejects one of them. */
    private int change(String method, UUID task, List<String> tags) throws IOException {
        Map<String, String> paths = new LinkedHashMap<>();
        tags.forEach(tag ->
                paths.put(tag, "/api/tasks/" + task + "/tags/" + segment("tag", tag, TaskFilters.MAX_TAG_LENGTH)));
        int exitCode = forEachId(List.copyOf(paths.keySet()), (api, tag) -> {
            api.send(method, Objects.requireNonNull(paths.get(tag)), null);
            return true;
        });
        printTags(api().send("GET", "/api/tasks/" + task, null));
        return exitCode;
    }

    private void printTags(JsonNode task) {
        JsonNode tags = task.path("tags");
        print(object().set("tags", tags), TextFormat.list(tags));
    }
}
