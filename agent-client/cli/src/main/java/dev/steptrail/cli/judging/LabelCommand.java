package dev.steptrail.cli.judging;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.cli.api.ApiQuery;
import dev.steptrail.cli.command.ApiCommand;
import dev.steptrail.cli.command.TaskCommand;
import dev.steptrail.cli.tasks.TaskFilters;
import dev.steptrail.cli.terminal.Table;
import java.io.IOException;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "label",
        description = "Label steps: list, add or remove labels.",
        footer = {
            "  steptrail label add " + TaskCommand.EXAMPLE_ID + " 3 unnecessary",
            "  steptrail label list " + TaskCommand.EXAMPLE_ID
        })
public final class LabelCommand extends ApiCommand {
    /** A label to add to a step or remove from it. */
    static final class StepLabel {
        @Parameters(index = "0", paramLabel = "TASK", description = TaskCommand.TASK)
        private UUID task;

        @Parameters(index = "1", paramLabel = "STEP", description = "Step number, as printed by steptrail steps.")
        private int step;

        @Parameters(
                index = "2",
                paramLabel = "LABEL",
                description = "good, bad, unnecessary, or any other text of 1 to 50 characters.")
        private String text;
    }

    @Command(
            name = "list",
            description = "List the labels of a task's steps.",
            footer = "  steptrail label list " + TaskCommand.EXAMPLE_ID)
    int list(@Parameters(paramLabel = "TASK", description = TaskCommand.TASK) UUID task) throws IOException {
        Table table = new Table(zone()).field("STEP", "step_number").fields("author", "labelled_at", "label");
        return printList(
                new ApiQuery("/api/tasks/" + task + "/labels", "labels").limit(Integer.MAX_VALUE), table::lines);
    }

    @Command(
            name = "add",
            description = "Add a label to a step.",
            footer = "  steptrail label add " + TaskCommand.EXAMPLE_ID + " 3 unnecessary")
    void add(@Mixin StepLabel label) throws IOException {
        String path = path(label);
        JsonNode added = api().send("PUT", path, null);
        print(added, "labelled step " + label.step + ": " + label.text);
    }

    @Command(
            name = "remove",
            description = "Remove a label from a step.",
            footer = "  steptrail label remove " + TaskCommand.EXAMPLE_ID + " 3 unnecessary")
    int remove(@Mixin StepLabel label) throws IOException {
        String path = path(label);
        api().send("DELETE", path, null);
        print(object().put("removed", label.text), "removed from step " + label.step + ": " + label.text);
        return 0;
    }

    private String path(StepLabel label) {
        requireAtLeast(1, "STEP", label.step);
        return "/api/steps/" + label.task + "." + label.step + "/labels/"
                + segment("label", label.text, TaskFilters.MAX_TAG_LENGTH);
    }
}
