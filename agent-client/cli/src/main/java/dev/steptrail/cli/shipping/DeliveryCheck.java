package dev.steptrail.cli.shipping;

import static java.time.temporal.ChronoUnit.MICROS;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.steptrail.cli.api.Api;
import dev.steptrail.cli.api.ApiProblem;
import dev.steptrail.cli.api.ApiQuery;
import dev.steptrail.cli.command.ApiCommand;
import dev.steptrail.cli.terminal.TextFormat;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Verifies through the API that tasks are stored as they were sent. SQS accepts messages of any sender and task; only
 * ingest rejects unregistered senders and deleted tasks.
 */
public final class DeliveryCheck {
    private final Api api;
    private final Duration timeout;
    private final String senderSuffix;
    private final ZoneId zone;
    private long deadline;

    private DeliveryCheck(Api api, Duration timeout, String senderSuffix, ZoneId zone) {
        this.api = api;
        this.timeout = timeout;
        this.senderSuffix = senderSuffix;
        this.zone = zone;
    }

    /**
     * Creates a check.
     *
     * @param timeout the timeout for all tasks together
     * @param zone the time zone for messages
     * @return null if {@code STEPTRAIL_API} is not set or there is no token for it
     */
    public static @Nullable DeliveryCheck from(Map<String, String> environment, Duration timeout, ZoneId zone)
            throws IOException {
        if (!ApiCommand.isConfigured(environment)) {
            return null;
        }
        String sender = environment.getOrDefault("STEPTRAIL_SENDER", "");
        return new DeliveryCheck(ApiCommand.connect(environment), timeout, sender.isBlank() ? "" : " " + sender, zone);
    }

    /**
     * Waits until the task is stored with its end and at least {@code steps} steps. All tasks share one timeout, which
     * starts with the first call.
     *
     * @param startedAt the expected start time; null to accept any
     * @param screenshots the expected number of screenshots; null to accept any
     * @return what differs and what to do; null if the task is stored as it was sent
     */
    @Nullable
    public String verify(UUID taskId, @Nullable Instant startedAt, int steps, @Nullable Integer screenshots)
            throws InterruptedException {
        deadline = deadline == 0 ? System.nanoTime() + timeout.toNanos() : deadline;
        try {
            while (true) {
                JsonNode task = find(taskId);
                if (task != null
                        && startedAt != null
                        && task.path("start_received").asBoolean()
                        && !startedAt.truncatedTo(MICROS).equals(time(task, "started_at"))) {
                    return "task " + taskId + " is already stored with a different start time, "
                            + TextFormat.time(task.path("started_at"), zone)
                            + " instead of " + TextFormat.time(startedAt, zone)
                            + ": it was imported before with another --zone; use --new-id to import it as a new task";
                }
                if (task != null && isStored(task, steps)) {
                    return screenshots == null || isArchived(task)
                            ? null
                            : describeScreenshotMismatch(taskId, screenshots);
                }
                Instant deleted = task == null ? findDeletionTime(taskId) : null;
                if (deleted != null) {
                    return "task " + taskId + " was deleted at " + TextFormat.time(deleted, zone)
                            + " and accepts no more records; use --new-id to import it as a new task";
                }
                if (System.nanoTime() - deadline >= 0) {
                    return describeMissing(taskId, task, steps);
                }
                Thread.sleep(500);
            }
        } catch (IOException e) {
            return "task " + taskId + " was sent, but could not be verified: " + TextFormat.errorMessage(e);
        }
    }

    public void delete(UUID taskId) throws IOException {
        api.send("DELETE", "/api/tasks/" + taskId, null);
    }

    private @Nullable JsonNode find(UUID taskId) throws IOException {
        try {
            return api.send("GET", "/api/tasks/" + taskId, null);
        } catch (ApiProblem notFound) {
            return null;
        }
    }

    private static boolean isStored(JsonNode task, int steps) {
        return isArchived(task)
                || (!task.path("status").asText().equals("running")
                        && task.path("total_steps").asInt() >= steps);
    }

    private static boolean isArchived(JsonNode task) {
        return task.path("status").asText().equals("archived");
    }

    /** Compares the number of stored screenshots. No wait is needed, because they are stored with their steps. */
    private @Nullable String describeScreenshotMismatch(UUID taskId, int expected) throws IOException {
        int stored = new ApiQuery("/api/tasks/" + taskId + "/screenshots", "screenshots")
                .readAll(api)
                .size();
        return stored == expected
                ? null
                : "task " + taskId + " is stored with " + TextFormat.count(stored, "screenshot") + " instead of "
                        + expected
                        + ": either it was imported before with other screenshots (use --new-id to import it as a new"
                        + " task), or some could not be shipped (see lost_screenshots in its steps)";
    }

    private static @Nullable Instant time(JsonNode object, String field) {
        String time = object.path(field).textValue();
        return time == null ? null : OffsetDateTime.parse(time).toInstant();
    }

    private @Nullable Instant findDeletionTime(UUID taskId) throws IOException {
        return time(
                firstEntry(new ApiQuery("/api/audit", "audit").withParameter("action", "delete_task"), taskId), "at");
    }

    /** Returns the first entry of {@code list} that belongs to the task; a missing node if there is none. */
    private JsonNode firstEntry(ApiQuery list, UUID taskId) throws IOException {
        List<JsonNode> entries =
                list.withParameter("task_id", taskId).readPage(api, null).items();
        return entries.isEmpty() ? MissingNode.getInstance() : entries.get(0);
    }

    private String describeMissing(UUID taskId, @Nullable JsonNode task, int steps) {
        String problem = task == null
                ? "task " + taskId + " is not stored"
                : "task " + taskId + " has " + task.path("total_steps").asInt() + " of "
                        + TextFormat.count(steps, "step");
        String reason = findRejectionReason(taskId);
        return problem + ", " + timeout.toSeconds() + " s after it was sent: "
                + (reason != null
                        ? "it was rejected (" + reason + ")"
                        : "check that the sender" + senderSuffix
                                + " is registered and matches the credentials (steptrail agents list, steptrail"
                                + " rejected list), and that the token belongs to the sender's owner");
    }

    /** Returns why ingest rejected a message of the task; null if it did not, or if the token is not an admin's. */
    private @Nullable String findRejectionReason(UUID taskId) {
        try {
            return firstEntry(new ApiQuery("/api/admin/rejected", "rejected"), taskId)
                    .path("reason")
                    .textValue();
        } catch (IOException notAnAdmin) {
            return null;
        }
    }
}
