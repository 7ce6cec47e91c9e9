package dev.steptrail.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "tag",
        description = "Tag tasks: list, add or remove tags.",
        footer = {
            "  steptrail tag add " + TaskCommand.EXAMPLE_ID + " nightly camera",
            "  steptrail tag list " + TaskCommand.EXAMPLE_ID,
            ApiCommand.ENVIRONMENT
        })
final class TagCommand extends ApiCommand {
    private static final String TAGS = "Tags, 1 to 50 characters each.";

    @Command(
            name = "list",
            description = "List the tags of a task.",
            footer = {"  steptrail tag list " + TaskCommand.EXAMPLE_ID, ApiCommand.ENVIRONMENT})
    int list(@Parameters(paramLabel = "TASK", description = TaskCommand.TASK) UUID task) throws IOException {
        printTags(api().send("GET", "/api/tasks/" + task, null));
        return 0;
    }

    @Command(
            name = "add",
            description = "Add tags to a task, and print all of its tags. A task has at most 50 tags.",
            footer = {"  steptrail tag add " + TaskCommand.EXAMPLE_ID + " nightly camera", ApiCommand.ENVIRONMENT})
    int add(
            @Parameters(paramLabel = "TASK", description = TaskCommand.TASK) UUID task,
            @Parameters(arity = "1..*", paramLabel = "TAG", description = TAGS) List<String> tags)
            throws IOException {
        return change("PUT", task, tags);
    }

    @Command(
            name = "remove",
            description = "Remove tags from a task, and print its remaining tags.",
            footer = {"  steptrail tag remove " + TaskCommand.EXAMPLE_ID + " nightly", ApiCommand.ENVIRONMENT})
    int remove(
            @Parameters(paramLabel = "TASK", description = TaskCommand.TASK) UUID task,
            @Parameters(arity = "1..*", paramLabel = "TAG", description = TAGS) List<String> tags)
            throws IOException {
        return change("DELETE", task, tags);
    }

    /** Changes one tag after the other, also if the API rejects one of them. */
    private int change(String method, UUID task, List<String> tags) throws IOException {
        Map<String, String> paths = new LinkedHashMap<>();
        tags.forEach(tag -> paths.put(tag, "/api/tasks/" + task + "/tags/" + segment("tag", tag)));
        int exitCode = forEachId(List.copyOf(paths.keySet()), (api, tag) -> {
            api.send(method, Objects.requireNonNull(paths.get(tag)), null);
            return true;
        });
        printTags(api().send("GET", "/api/tasks/" + task, null));
        return exitCode;
    }

    private void printTags(JsonNode task) {
        JsonNode tags = task.path("tags");
        print(object().set("tags", tags), TextFormat.text(tags));
    }
}
