package dev.steptrail.cli.tasks;

import dev.steptrail.cli.api.ApiQuery;
import dev.steptrail.cli.command.ApiCommand;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options that filter tasks. A task must match all of them. */
public final class TaskFilters extends OriginFilters {
    /** The maximum length of a tag or label. */
    public static final int MAX_TAG_LENGTH = 50;

    private static final String VERDICTS = "pass, fail, unclear, none";

    private static final String STATUSES = "running, succeeded, failed, cancelled, abandoned, archived";

    private static final int MAX_NAME_LENGTH = 1024;
    private static final int MAX_LENGTH = 200;

    @Option(names = "--status", paramLabel = "STATUS", description = "Only tasks with this status: " + STATUSES + ".")
    private @Nullable String status;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "Only tasks that started at or after this time, such as 2026-05-14T09:41:00+08:00.")
    private @Nullable Instant since;

    @Option(names = "--until", paramLabel = "TIME", description = "Only tasks that started before this time.")
    private @Nullable Instant until;

    @Option(
            names = "--text",
            paramLabel = "TEXT",
            description = "Only tasks whose name or description contains this text.")
    private @Nullable String text;

    @Option(
            names = "--tag",
            paramLabel = "TAG",
            description = "Only tasks with this tag. Repeat the option for tasks that have several tags.")
    private List<String> tags = List.of();

    @Option(
            names = "--verdict",
            paramLabel = "VERDICT",
            description = "Only tasks with this verdict on success: " + VERDICTS + ".")
    private @Nullable String verdict;

    @Option(names = "--experiment", paramLabel = "EXPERIMENT", description = "Only tasks of this experiment.")
    private @Nullable String experiment;

    @Option(names = "--case", paramLabel = "CASE", description = "Only tasks of this case of an experiment.")
    private @Nullable String caseId;

    @Option(
            names = "--metadata",
            paramLabel = "KEY=VALUE",
            description =
                    "Only tasks with this value in their metadata, such as build=1.10 or phone.lang=zh. Repeatable.")
    private List<String> metadata = List.of();

    @Option(names = "--owner", paramLabel = "OWNER", description = "Only tasks of this owner (for admins).")
    private @Nullable String owner;

    public ApiQuery applyTo(ApiQuery tasks, ApiCommand command) {
        command.requireOneOf("--status", status, STATUSES);
        command.requireOneOf("--verdict", verdict, VERDICTS);
        command.requireText("--text", text, MAX_LENGTH);
        tags.forEach(tag -> command.requireText("--tag", tag, MAX_TAG_LENGTH));
        command.requireText("--experiment", experiment, MAX_LENGTH);
        command.requireText("--case", caseId, MAX_LENGTH);
        metadata.forEach(text -> command.requireText("--metadata", text, 2 * MAX_LENGTH));
        for (Map.Entry<String, String> value : metadata(command).entrySet()) {
            tasks.withParameter("metadata." + value.getKey(), value.getValue());
        }
        return applyTo(tasks, MAX_NAME_LENGTH, command)
                .withParameter("status", status)
                .withParameter("since", since)
                .withParameter("until", until)
                .withParameter("text", text)
                .withParameters("tag", tags)
                .withParameter("verdict", verdict)
                .withParameter("experiment", experiment)
                .withParameter("case_id", caseId)
                .withParameter("owner", owner);
    }

    /** @throws ParameterException if a value is not {@code KEY=VALUE}, or a key is repeated */
    private Map<String, String> metadata(ApiCommand command) {
        Map<String, String> values = new TreeMap<>();
        for (String text : metadata) {
            int equals = text.indexOf('=');
            if (equals <= 0 || equals == text.length() - 1) {
                throw command.usageError("--metadata must be KEY=VALUE, such as build=1.10, but is '" + text + "'");
            }
            if (values.put(text.substring(0, equals), text.substring(equals + 1)) != null) {
                throw command.usageError("--metadata has two values for the key '" + text.substring(0, equals)
                        + "', but a task has only one");
            }
        }
        return values;
    }
}
