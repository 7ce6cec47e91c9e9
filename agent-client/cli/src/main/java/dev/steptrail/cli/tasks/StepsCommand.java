package dev.steptrail.cli.tasks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.steptrail.cli.api.ApiQuery;
import dev.steptrail.cli.command.TaskCommand;
import dev.steptrail.cli.terminal.Table;
import dev.steptrail.cli.terminal.TextFormat;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "steps",
        description = "List the steps of a task.",
        footer = {
            "  steptrail steps " + TaskCommand.EXAMPLE_ID,
            "  steptrail steps " + TaskCommand.EXAMPLE_ID + " --success false"
        })
public final class StepsCommand extends TaskCommand {
    @Option(
            names = "--type",
            paramLabel = "TYPE",
            description =
                    "Only steps of this type: action, thinking, screenshot, error, validation, completion, or a type"
                            + " that the agent defines.")
    private @Nullable String type;

    @Option(
            names = "--success",
            paramLabel = "true|false|none",
            description = "Only steps that succeeded, failed, or have no result.")
    private @Nullable String success;

    @Option(names = "--min-number", paramLabel = "N", description = "Only steps with this number or a higher one.")
    private @Nullable Integer minNumber;

    @Option(names = "--max-number", paramLabel = "N", description = "Only steps with this number or a lower one.")
    private @Nullable Integer maxNumber;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "Only steps at or after this time, such as 2026-05-14T09:41:00+08:00.")
    private @Nullable Instant since;

    @Option(names = "--until", paramLabel = "TIME", description = "Only steps before this time.")
    private @Nullable Instant until;

    @Option(
            names = "--text",
            paramLabel = "TEXT",
            description = "Only steps whose thinking or error contains this text.")
    private @Nullable String text;

    @Option(
            names = "--order",
            paramLabel = "asc|desc",
            defaultValue = "asc",
            description = "Sort order by step number (default: asc).")
    private String order;

    @Option(names = "--model-calls", description = "Include what the models received and returned. Requires --json.")
    private boolean modelCalls;

    @Option(names = "--limit", paramLabel = "N", description = "Maximum number of steps (default: all).")
    private int limit = Integer.MAX_VALUE;

    @Option(names = "--usage", description = "Also print tokens and cost, which JSON always contains.")
    private boolean usage;

    @Override
    public Integer call() throws IOException {
        requireOneOf("--success", success, "true, false, none");
        requireOneOf("--order", order, "asc, desc");
        if (modelCalls && !json()) {
            throw usageError("--model-calls requires --json");
        }
        ApiQuery steps = new ApiQuery(path("/steps"), "steps")
                .withParameter("type", type)
                .withParameter("success", success)
                .withParameter("min_number", minNumber)
                .withParameter("max_number", maxNumber)
                .withParameter("since", since)
                .withParameter("until", until)
                .withParameter("text", text)
                .withParameter("order", order)
                .withParameter("include_model_calls", modelCalls ? true : null)
                .limit(limit);
        Table table = new Table(zone())
                .field("STEP", "step_number")
                .time("TIME", "timestamp")
                .field("TYPE", "step_type")
                .column("RESULT", StepsCommand::result)
                .field("MS", "duration_ms");
        if (usage) {
            table.usage();
        }
        table.column("DETAILS", StepsCommand::text);
        return printList(steps, table::lines);
    }

    /** Formats the result of a step. A step with an error has failed, even if it has no {@code success} field. */
    private static String result(JsonNode step) {
        JsonNode success = step.path("success");
        return success.isBoolean()
                ? success.asBoolean() ? "ok" : "failed"
                : step.path("error_message").isTextual() ? "failed" : "-";
    }

    /** Formats the action, such as {@code Tap element=499,842}, followed by the error or, without one, the thinking. */
    private static String text(JsonNode step) {
        List<String> parts = new ArrayList<>();
        if (step.path("action").isObject()) {
            parts.add(action(step.path("action")));
        } else if (isPartial(step, "action")) {
            parts.add("action: see steptrail attachments");
        }
        JsonNode error = error(step);
        if (!error.isNull() && !error.isMissingNode()) {
            parts.add("error: " + TextFormat.line(error) + mark(step, "error_message"));
        } else if (step.path("thinking").isTextual()) {
            parts.add(TextFormat.line(step.path("thinking")) + mark(step, "thinking"));
        }
        return parts.isEmpty() ? "-" : String.join(" | ", parts);
    }

    private static String mark(JsonNode step, String field) {
        return isPartial(step, field) ? "… (all of it: steptrail attachments)" : "";
    }

    /** Returns whether the response contains only the beginning of a field, or nothing of it. */
    private static boolean isPartial(JsonNode step, String field) {
        return step.path("attachments").findValuesAsText("field").contains(field);
    }

    /** Returns the step's error; for a failed step without one, the message of its action result. */
    private static JsonNode error(JsonNode step) {
        if (step.path("error_message").isTextual()) {
            return step.path("error_message");
        }
        boolean failed =
                step.path("success").isBoolean() && !step.path("success").asBoolean();
        return failed ? step.path("action_result").path("message") : MissingNode.getInstance();
    }

    /** Formats an action. Omits fields that begin with {@code _}, which are internal to the agent. */
    private static String action(JsonNode action) {
        List<String> words = new ArrayList<>();
        if (action.path("action").isTextual()) {
            words.add(TextFormat.line(action.path("action")));
        }
        action.properties().forEach(field -> {
            if (!field.getKey().equals("action") && !field.getKey().startsWith("_")) {
                words.add(field.getKey() + "=" + TextFormat.line(field.getValue()));
            }
        });
        return String.join(" ", words);
    }
}
