package dev.steptrail.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.api.json.Json;
import dev.steptrail.api.json.ResponseBudget;
import dev.steptrail.report.ExportFailure;
import dev.steptrail.stepformat.TextTruncator;
import dev.steptrail.store.admin.JobRepository;
import dev.steptrail.store.admin.ShareRepository;
import dev.steptrail.store.experiments.ExperimentRepository;
import dev.steptrail.store.judgements.NoteRepository;
import dev.steptrail.store.judgements.StepLabelRepository;
import dev.steptrail.store.judgements.TagRepository;
import dev.steptrail.store.judgements.VerdictRepository;
import dev.steptrail.store.statistics.TaskGroupQuery;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An error response in the format of RFC 9457, thrown as an exception.
 *
 * <p>Its type is {@code urn:steptrail:problem:} followed by a name, and is stable across releases.
 */
final class Problem extends RuntimeException {
    /** The kinds of problems. Several may have the same type. */
    enum Kind {
        BAD_REQUEST(400, "bad-request", ""),
        UNAUTHENTICATED(401, "unauthenticated", "Unauthorized", "An access token with a valid sub claim is required."),
        SHARE_TOKEN_MISSING(
                401,
                "unauthenticated",
                "Unauthorized",
                "A share link token is required in the header " + ShareLinkAuthenticator.HEADER + "."),
        NO_SUCH_ROUTE(404, "not-found", "No route matches this path and method."),
        /** The same whether a task does not exist or belongs to another owner, so that callers cannot probe for ids. */
        NOT_FOUND(404, "not-found", "The task or step does not exist, or it belongs to another owner."),
        /** For admins, who have access to all tasks. */
        NO_SUCH_TASK(404, "no-such-task", "The task does not exist. It may have been deleted."),
        NO_SUCH_AGENT(404, "no-such-agent", "No agent is registered for the sender_id %s."),
        NO_SUCH_REJECTED(
                404,
                "no-such-rejected",
                "No such rejected message",
                "No rejected message has the id %s. It may have been retried or discarded."),
        NO_SUCH_JOB(
                404,
                "no-such-job",
                "No job has the id %s, or another user requested it. Jobs are deleted 30 days after they ended."),
        TOO_MANY_JOBS(
                429,
                "too-many-jobs",
                JobRepository.MAX_BULK_JOBS + " of your jobs that change many tasks have not ended. Retry when one of"
                        + " them has ended."),
        NO_SUCH_EXPERIMENT(
                404, "no-such-experiment", "The experiment %s does not exist, or it belongs to another owner."),
        NO_SUCH_BASELINE(404, "no-such-experiment", "The baseline %s does not exist, or it belongs to another owner."),
        EXPERIMENT_TOO_LARGE(
                422,
                "experiment-too-large",
                "The experiment or its baseline has more than " + ExperimentRepository.MAX_TASKS
                        + " tasks. Use a new name for each run of a suite."),
        TOO_MANY_EXPERIMENTS(
                422,
                "too-many-experiments",
                "There are more than " + ExperimentRepository.MAX_LISTED
                        + " experiments. Admins can set owner; each experiment can be read by its name."),
        TOO_MANY_TASKS(
                422,
                "too-many-tasks",
                "The period has more than " + TaskGroupQuery.MAX_TASKS
                        + " tasks, the maximum for this group_by. Shorten it with since and until."),
        NO_SUCH_PRICE(404, "no-such-price", "The model %s has no price that is valid from %s."),
        NO_SUCH_SHARE(
                404, "no-such-share", "No such link", "The task has no link %s, or the link was already revoked."),
        TOO_MANY_SHARES(
                409,
                "too-many-shares",
                "Too many links",
                "The task has " + ShareRepository.MAX_LINKS + " active links. Revoke one before you create another."),
        NO_SUCH_VERDICT(404, "no-such-verdict", "The task has no verdict %s, or the verdict was already deleted."),
        TOO_MANY_VERDICTS(
                409,
                "too-many-verdicts",
                "The task has " + VerdictRepository.MAX_VERDICTS
                        + " verdicts, including deleted ones. Replace one of them."),
        NO_SUCH_STEP(404, "no-such-step", "The task has no step %s."),
        NO_SUCH_TAG(404, "no-such-tag", "The task does not have the tag %s."),
        TOO_MANY_TAGS(
                409,
                "too-many-tags",
                "The task has " + TagRepository.MAX_TAGS + " tags. Remove one before you add another."),
        NO_SUCH_LABEL(404, "no-such-label", "The step does not have the label %s."),
        TOO_MANY_LABELS(
                409,
                "too-many-labels",
                "The step has " + StepLabelRepository.MAX_PER_STEP + " labels, or its task has "
                        + StepLabelRepository.MAX_PER_TASK + ". Remove one before you add another."),
        NO_SUCH_NOTE(404, "no-such-note", "The task has no note %s, or the note was already deleted."),
        TOO_MANY_NOTES(
                409,
                "too-many-notes",
                "The task has " + NoteRepository.MAX_NOTES + " notes. Delete one before you add another."),
        NOT_THE_AUTHOR(
                403,
                "not-the-author",
                "Another user wrote this note. Only its author can edit it, and only its author or an admin can delete it."),
        NO_SCREENSHOT(404, "no-screenshot", "The step does not exist, or it has no screenshot."),
        NO_SCREENSHOT_OF_ROLE(404, "no-screenshot", "The step does not exist, or it has no screenshot of this role."),
        SCREENSHOT_TOO_LARGE(
                422,
                "screenshot-too-large",
                "The screenshot exceeds " + ResponseBudget.MAX_BYTES + " bytes, the maximum for a share link without"
                        + " details. Request its thumbnail, or use a link with include_details."),
        SCREENSHOT_UNAVAILABLE(
                503, "unavailable", "The screenshot is temporarily unavailable. Retry in a few seconds."),
        NO_ATTACHMENT(
                404,
                "no-attachment",
                "This field of %s is not an attachment: a small value is part of the task or step, which may not exist."),
        ATTACHMENT_TOO_LARGE(
                422,
                "attachment-too-large",
                "The attachment exceeds " + ResponseBudget.MAX_BYTES + " bytes, the maximum for a share link without"
                        + " details. Use a link with include_details."),
        ATTACHMENT_UNAVAILABLE(
                503, "unavailable", "The attachment is temporarily unavailable. Retry in a few seconds."),
        NOT_ARCHIVED(409, "not-archived", "The task is not archived. Its steps are in the database."),
        EXPORT_FAILED(500, "export-failed", ""),
        EXPORT_TOO_LARGE(
                422,
                "export-too-large",
                "The tasks do not fit into one export. Select fewer tasks with since and until"
                        + " or another filter."),
        EXPORT_UNAVAILABLE(503, "unavailable", "The export is temporarily unavailable. Retry in a few seconds."),
        UNAVAILABLE(
                503, "unavailable", "The database is unavailable or did not respond in time. Retry in a few seconds."),
        INTERNAL(500, "internal", "Internal error", "The log entry with this trace id contains the cause.");

        final int status;
        final String type;
        final String title;
        final String detail;

        /** The title is the name as words. */
        Kind(int status, String name, String detail) {
            this(
                    status,
                    name,
                    name.substring(0, 1).toUpperCase(Locale.ROOT)
                            + name.substring(1).replace('-', ' '),
                    detail);
        }

        /** @param detail empty if it depends on the request; {@code %s} is a name that {@link #missing} takes */
        Kind(int status, String name, String title, String detail) {
            this.status = status;
            this.type = "urn:steptrail:problem:" + name;
            this.title = title;
            this.detail = detail;
        }
    }

    private record Body(String type, String title, int status, String detail, String traceId) {}

    private static final int MAX_VALUE_LENGTH = 40;

    /** Matches control characters, line separators and unpaired surrogates. */
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}]");

    private final Kind kind;
    private final String detail;
    private final @Nullable Duration retryAfter;
    private final @Nullable String logReason;

    Problem(Kind kind) {
        this(kind, kind.detail, null, null);
    }

    private Problem(Kind kind, String detail) {
        this(kind, detail, null, null);
    }

    /**
     * @param retryAfter time until a retry may succeed; null if unknown
     * @param logReason the reason to log; null if there is none or it was logged already
     */
    private Problem(Kind kind, String detail, @Nullable Duration retryAfter, @Nullable String logReason) {
        super(detail, null, false, false);
        this.kind = kind;
        this.detail = detail;
        this.retryAfter = retryAfter;
        this.logReason = logReason;
    }

    static Problem badRequest(String detail) {
        return new Problem(Kind.BAD_REQUEST, detail);
    }

    /**
     * Returns the problem that something does not exist.
     *
     * @param names what the caller sent to name it, such as an id
     */
    static Problem missing(Kind kind, Object... names) {
        return new Problem(
                kind,
                kind.detail.formatted(
                        Arrays.stream(names).map(name -> quote(name.toString())).toArray()));
    }

    /**
     * Returns the problem that a value is invalid. Its detail contains the field, the rule, and the beginning of the
     * value.
     *
     * @param rule such as {@code must be a day}
     * @param value not shown if it is empty
     */
    static Problem invalidValue(String field, String rule, String value) {
        return badRequest(field + ": " + rule + (value.isEmpty() ? "." : ", but is " + quote(value) + "."));
    }

    /** Same for a value of a JSON object. */
    static Problem invalidValue(String field, String rule, JsonNode value) {
        return value.isTextual()
                ? invalidValue(field, rule, value.textValue())
                : badRequest(field + ": " + rule + ", but is "
                        + (value.isMissingNode() ? "missing" : shorten(value.toString())) + ".");
    }

    /** Returns the beginning of a text in quotes, without control characters. */
    static String quote(String text) {
        return '"' + shorten(text) + '"';
    }

    private static String shorten(String text) {
        String beginning = TextTruncator.truncate(text, MAX_VALUE_LENGTH);
        return UNPRINTABLE.matcher(beginning).replaceAll("?") + (beginning.equals(text) ? "" : "…");
    }

    /**
     * Returns the problem that a file of the bucket cannot be read or created now.
     *
     * @param reason the reason to log
     */
    static Problem unavailable(Kind kind, String reason) {
        return new Problem(kind, kind.detail, null, reason);
    }

    /** Returns the name of the event to log, such as {@code export_unavailable}. */
    String logEvent() {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    static Problem exportFailed(ExportFailure failure, Instant now) {
        Duration remaining = failure.remaining(now);
        String retry = " Retry in " + (remaining.toMinutes() + 1)
                + " minutes. If it fails again, contact the operator; the log contains the cause.";
        return switch (failure.reason()) {
            case ERROR -> new Problem(Kind.EXPORT_FAILED, "The export failed." + retry, remaining, null);
            case UNFINISHED ->
                new Problem(
                        Kind.EXPORT_FAILED, "The export exceeded its time or memory limit." + retry, remaining, null);
            case TOO_LARGE -> new Problem(Kind.EXPORT_TOO_LARGE);
        };
    }

    /** Returns the reason to log; null if there is none or it was logged already. */
    @Nullable
    String logReason() {
        return logReason;
    }

    Response response(String traceId) {
        Map<String, String> headers =
                new HashMap<>(Map.of("content-type", "application/problem+json", "cache-control", "no-store"));
        if (retryAfter != null) {
            headers.put("retry-after", String.valueOf(Math.max(1, retryAfter.toSeconds())));
        }
        return new Response(
                kind.status, headers, Json.bytes(new Body(kind.type, kind.title, kind.status, detail, traceId)));
    }
}
