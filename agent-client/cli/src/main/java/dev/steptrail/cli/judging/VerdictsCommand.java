package dev.steptrail.cli.judging;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.cli.api.ApiQuery;
import dev.steptrail.cli.command.ApiCommand;
import dev.steptrail.cli.command.TaskCommand;
import dev.steptrail.cli.terminal.Suggestion;
import dev.steptrail.cli.terminal.Table;
import dev.steptrail.cli.terminal.TextFormat;
import dev.steptrail.stepformat.Verdict;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "verdicts",
        description = {
            "Judge tasks: list, set or delete verdicts.",
            "The newest verdict of a person on success counts, else the newest one of an evaluator, else the agent's claim."
        },
        footer = {
            "  steptrail verdicts set " + TaskCommand.EXAMPLE_ID + " fail --reason \"No picture was taken\"",
            "  steptrail verdicts list " + TaskCommand.EXAMPLE_ID
        })
public final class VerdictsCommand extends ApiCommand {
    private static final List<String> LABELS = List.of("pass", "fail", "unclear");

    /** The arguments and options of a verdict. */
    static final class NewVerdict {
        @Parameters(
                arity = "1..*",
                paramLabel = "[TASK]... VALUE",
                description =
                        "Task ids, as printed by steptrail tasks, and one value: pass, fail, unclear, or a number.")
        private List<String> arguments = List.of();

        @Option(
                names = "--name",
                paramLabel = "NAME",
                description = "What is judged (default: success). A number is only allowed for other names.")
        private @Nullable String name;

        @Option(names = "--reason", paramLabel = "TEXT", description = "An explanation for people.")
        private @Nullable String reason;

        @Option(
                names = "--evaluator",
                paramLabel = "NAME",
                description = "The program that judged (default: none, the verdict is yours).")
        private @Nullable String evaluator;

        @Option(names = "--evaluator-version", paramLabel = "VERSION", description = "The version of the evaluator.")
        private @Nullable String version;
    }

    @Command(
            name = "list",
            description = "List the verdicts on a task.",
            footer = "  steptrail verdicts list " + TaskCommand.EXAMPLE_ID)
    int list(@Parameters(paramLabel = "TASK", description = TaskCommand.TASK) UUID task) throws IOException {
        Table table = new Table(zone())
                .field("VERDICT", "verdict_id")
                .fields("name", "value", "source")
                .column("JUDGE", VerdictsCommand::judge)
                .fields("judged_at")
                .column("REASON", verdict -> TextFormat.line(verdict.path("reason")));
        return printList(new ApiQuery(path(task), "verdicts").limit(Integer.MAX_VALUE), table::lines);
    }

    /** Formats who judged: a user, or an evaluator with its version. */
    private static String judge(JsonNode verdict) {
        if (!verdict.path("evaluator").isTextual()) {
            return TextFormat.text(verdict.path("author"));
        }
        JsonNode version = verdict.path("evaluator_version");
        return TextFormat.text(verdict.path("evaluator")) + (version.isTextual() ? " " + version.asText() : "");
    }

    @Command(
            name = "set",
            description = "Set your verdict on tasks, or that of an evaluator. It replaces the previous one.",
            exitCodeList = TaskSelection.FAILURE,
            footer = {
                "  steptrail verdicts set " + TaskCommand.EXAMPLE_ID + " pass",
                "  steptrail verdicts set fail --reason \"Server was down\" --since 2026-05-14T00:00:00+08:00",
                "  steptrail verdicts set " + TaskCommand.EXAMPLE_ID + " 0.8 --name efficiency",
                "  steptrail verdicts set " + TaskCommand.EXAMPLE_ID
                        + " fail --evaluator judge.py --evaluator-version 2"
            })
    int set(@Mixin NewVerdict verdict, @Mixin TaskSelection selection) throws IOException {
        List<UUID> tasks = TaskSelection.taskIds(verdict.arguments);
        String value = value(verdict.arguments);
        boolean isSingle = selection.isSingleTask(tasks, this);
        ObjectNode body = object();
        if (LABELS.contains(value)) {
            body.put("value", value);
        } else {
            body.put("value", number(value));
            if (verdict.name == null || verdict.name.equals(Verdict.SUCCESS)) {
                throw usageError("the number " + value + " requires --name, such as --name efficiency; a verdict on "
                        + Verdict.SUCCESS + " is pass, fail or unclear");
            }
        }
        if (verdict.version != null && verdict.evaluator == null) {
            throw usageError("--evaluator-version requires --evaluator");
        }
        putIfPresent(body, "name", verdict.name);
        putIfPresent(body, "reason", verdict.reason);
        putIfPresent(body, "evaluator", verdict.evaluator);
        putIfPresent(body, "evaluator_version", verdict.version);
        if (!isSingle) {
            return selection.change("/api/bulk/verdicts", body, tasks, "1,000 verdicts", this);
        }
        JsonNode stored = api().send("PUT", path(tasks.get(0)), body);
        print(
                stored,
                "verdict " + TextFormat.text(stored.path("verdict_id")) + ": " + TextFormat.text(stored.path("name"))
                        + " " + TextFormat.text(stored.path("value")) + ", by " + judge(stored));
        return 0;
    }

    /** Returns the only argument that is not the id of a task. */
    private String value(List<String> arguments) {
        List<String> values = arguments.stream()
                .filter(argument -> !TaskSelection.isTaskId(argument))
                .toList();
        if (values.size() == 1) {
            return values.get(0);
        }
        String expected = "expected task ids and one value: pass, fail, unclear or a number";
        throw usageError(values.stream()
                .filter(argument -> !LABELS.contains(argument))
                .findFirst()
                .map(argument -> "'" + argument + "' is not a task id; " + expected)
                .orElse(expected));
    }

    private BigDecimal number(String value) {
        try {
            return new BigDecimal(value);
        } catch (NumberFormatException e) {
            throw usageError("the value must be pass, fail, unclear or a number, but is '" + value + "'"
                    + Suggestion.suffixFor(value, LABELS));
        }
    }

    private static void putIfPresent(ObjectNode body, String field, @Nullable String value) {
        if (value != null) {
            body.put(field, value);
        }
    }

    @Command(
            name = "delete",
            description = "Delete a verdict.",
            footer = "  steptrail verdicts delete " + TaskCommand.EXAMPLE_ID + " 7")
    void delete(
            @Parameters(paramLabel = "TASK", description = TaskCommand.TASK) UUID task,
            @Parameters(paramLabel = "VERDICT", description = "Verdict id, as printed by steptrail verdicts list.")
                    long verdict)
            throws IOException {
        api().send("DELETE", path(task) + "/" + verdict, null);
        print(object().put("deleted", verdict), "deleted " + verdict);
    }

    private static String path(UUID task) {
        return "/api/tasks/" + task + "/verdicts";
    }
}
