package dev.steptrail.cli.judging;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.cli.api.Api;
import dev.steptrail.cli.api.ApiQuery;
import dev.steptrail.cli.command.ApiCommand;
import dev.steptrail.cli.tasks.TaskFilters;
import dev.steptrail.cli.terminal.Terminal;
import dev.steptrail.cli.terminal.TextFormat;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The tasks that a command changes: those with the given ids, or those that match filters. */
final class TaskSelection {
    /** The exit codes of a command that changes a selection. */
    static final String FAILURE = "1:failure, or at least one task was not found or was refused";

    private static final Pattern TASK_ID = Pattern.compile("[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}");

    /** The maximum number of ids in a request. */
    private static final int MAX_IDS = 1000;

    private static final String JOB_ID = "job_id";

    private static final List<String> COUNTS = List.of("matched", "changed", "unchanged", "not_found", "refused");

    @Option(names = "--yes", description = "Change all tasks that match the filters, without asking.")
    private boolean yes;

    @Option(
            names = "--no-wait",
            description = "Print the id of the job, if there is one, without waiting for its result.")
    private boolean noWait;

    @ArgGroup(exclusive = false, heading = "%nFilters (instead of TASK; change all matching tasks):%n")
    private @Nullable TaskFilters filters;

    /** Returns those of a command's arguments that are ids of tasks, each once. */
    static List<UUID> taskIds(List<String> arguments) {
        return arguments.stream()
                .filter(TaskSelection::isTaskId)
                .map(UUID::fromString)
                .distinct()
                .toList();
    }

    static boolean isTaskId(String argument) {
        return TASK_ID.matcher(argument).matches();
    }

    /**
     * Returns whether the selection is one task, for which there are other routes.
     *
     * @throws ParameterException if there are neither ids nor filters, or both
     */
    boolean isSingleTask(List<UUID> tasks, ApiCommand command) {
        if (tasks.isEmpty() == (filters == null)) {
            throw command.usageError(
                    tasks.isEmpty()
                            ? "expected the id of a task, or a filter such as --since"
                            : "expected either ids of tasks or filters, not both");
        }
        return tasks.size() == 1;
    }

    /**
     * Changes the tasks, waits for the job if there is one, and prints the counts.
     *
     * @param path the path of the route
     * @param change the fields of the request other than the tasks
     * @param limit what a task has at most, such as {@code 50 tags}; the reason why tasks are refused
     * @return the exit code
     */
    int change(String path, ObjectNode change, List<UUID> tasks, String limit, ApiCommand command) throws IOException {
        Api api = command.api();
        ObjectNode result = ApiCommand.object();
        if (filters == null) {
            for (int from = 0; from < tasks.size(); from += MAX_IDS) {
                List<UUID> some = tasks.subList(from, Math.min(from + MAX_IDS, tasks.size()));
                ObjectNode request = change.deepCopy();
                some.forEach(task -> request.withArray("task_ids").add(task.toString()));
                add(result, api.send("POST", path, request));
            }
        } else {
            ObjectNode request = change.deepCopy();
            request.set(
                    "filter", filters.applyTo(new ApiQuery(path, ""), command).toJson());
            if (!yes && !isConfirmed(api, path, request, command)) {
                command.printError("nothing was changed");
                return 1;
            }
            JsonNode started = api.send("POST", path, request);
            if (noWait && started.has(JOB_ID)) {
                command.print(started, "requested, job " + started.path(JOB_ID).asText());
                return 0;
            }
            JsonNode response = await(api, started, command);
            if (response.path("state").asText().equals("failed")) {
                command.printError(response.path("error").asText() + " Until then "
                        + describe(response.path("progress"), limit) + ".");
                return 1;
            }
            add(result, response.has(JOB_ID) ? response.path("result") : response);
        }
        command.print(result, describe(result, limit));
        return result.path("not_found").asLong() + result.path("refused").asLong() == 0 ? 0 : 1;
    }

    /** Asks on the terminal, with the number of tasks. */
    private static boolean isConfirmed(Api api, String path, ObjectNode request, ApiCommand command)
            throws IOException {
        if (!Terminal.isInteractive()) {
            throw command.usageError("add --yes to change all tasks that match the filters; without a terminal, the"
                    + " command cannot ask");
        }
        JsonNode counted = api.send("POST", path, request.deepCopy().put("dry_run", true));
        command.err()
                .print("Change " + (counted.path("truncated").asBoolean() ? "at least " : "")
                        + TextFormat.count(counted.path("matched").asLong(), "task") + "? [y/N] ");
        command.err().flush();
        String answer = new BufferedReader(new InputStreamReader(System.in, UTF_8)).readLine();
        return answer != null && List.of("y", "yes").contains(answer.strip().toLowerCase(Locale.ROOT));
    }

    private static JsonNode await(Api api, JsonNode response, ApiCommand command) throws IOException {
        if (!response.has(JOB_ID)) {
            return response;
        }
        command.printError("waiting for job " + response.path(JOB_ID).asText());
        JsonNode ended = api.awaitJob(
                response,
                job -> Terminal.showLine(
                        TextFormat.count(job.path("progress").path("matched").asLong(), "task") + " done",
                        command.err()));
        Terminal.showLine("", command.err());
        return ended;
    }

    private static void add(ObjectNode sum, JsonNode counts) {
        COUNTS.forEach(name ->
                sum.put(name, sum.path(name).asLong() + counts.path(name).asLong()));
    }

    private static String describe(JsonNode counts, String limit) {
        Map<String, String> names =
                Map.of("not_found", "not found", "refused", "refused, because a task has at most " + limit);
        List<String> others = new ArrayList<>();
        for (String name : COUNTS.subList(2, COUNTS.size())) {
            if (counts.path(name).asLong() > 0) {
                others.add(counts.path(name).asLong() + " " + names.getOrDefault(name, name));
            }
        }
        return "changed " + TextFormat.count(counts.path("changed").asLong(), "task")
                + (others.isEmpty() ? "" : " (" + String.join(", ", others) + ")");
    }
}
