package dev.steptrail.api;

import dev.steptrail.api.json.Json;
import dev.steptrail.report.ExportFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An answer that is an error (RFC 9457). Thrown to where it becomes a response.
 *
 * <p>Its type is {@code urn:steptrail:problem:} and a name, and does not change between releases.
 */
final class Problem extends RuntimeException {
    /** What kinds there are. */
    enum Kind {
        BAD_REQUEST(400, "bad-request", "Bad request"),
        UNAUTHENTICATED(401, "unauthenticated", "Not signed in"),
        NOT_FOUND(404, "not-found", "Not found"),
        NO_SUCH_TASK(404, "no-such-task", "No such task"),
        NO_SUCH_AGENT(404, "no-such-agent", "No such agent"),
        NO_SUCH_REJECTED(404, "no-such-rejected", "No such rejected message"),
        NO_SUCH_SHARE(404, "no-such-share", "No such link"),
        TOO_MANY_SHARES(409, "too-many-shares", "Too many links"),
        NO_SCREENSHOT(404, "no-screenshot", "No screenshot"),
        NOT_ARCHIVED(409, "not-archived", "Not archived"),
        ARCHIVE_UNUSABLE(500, "archive-unusable", "Archive unusable"),
        EXPORT_FAILED(500, "export-failed", "Export failed"),
        EXPORT_TOO_LARGE(422, "export-too-large", "Export too large"),
        INTERNAL(500, "internal", "Internal error"),
        UNAVAILABLE(503, "unavailable", "Not available");

        final int status;
        final String type;
        final String title;

        Kind(int status, String name, String title) {
            this.status = status;
            this.type = "urn:steptrail:problem:" + name;
            this.title = title;
        }
    }

    private final Kind kind;
    private final String detail;
    private final @Nullable Duration retryAfter;
    private final @Nullable String logged;

    private Problem(Kind kind, String detail) {
        this(kind, detail, null, null);
    }

    /**
     * @param retryAfter until another try may go well; null where nobody can tell
     * @param logged why, for the log; null where that is told already
     */
    private Problem(Kind kind, String detail, @Nullable Duration retryAfter, @Nullable String logged) {
        super(detail, null, false, false);
        this.kind = kind;
        this.detail = detail;
        this.retryAfter = retryAfter;
        this.logged = logged;
    }

    static Problem badRequest(String detail) {
        return new Problem(Kind.BAD_REQUEST, detail);
    }

    static Problem unauthenticated() {
        return new Problem(Kind.UNAUTHENTICATED, "This needs a token that names its subject.");
    }

    static Problem unshared() {
        return new Problem(
                Kind.UNAUTHENTICATED, "This needs the token of a link, in the header " + Shares.HEADER + ".");
    }

    static Problem noSuchRoute() {
        return new Problem(Kind.NOT_FOUND, "There is nothing at this path, or it does not take this method.");
    }

    /** The same for what is not there, what was deleted, what is somebody else's, and what is no id at all. */
    static Problem notFound() {
        return new Problem(Kind.NOT_FOUND, "There is no such task or step, or it is not yours.");
    }

    /** For admins, who may see any: to be told from that they are none. */
    static Problem noSuchTask() {
        return new Problem(Kind.NO_SUCH_TASK, "There is no such task; it may have been deleted.");
    }

    static Problem noScreenshot(String detail) {
        return new Problem(Kind.NO_SCREENSHOT, detail);
    }

    static Problem noSuchShare() {
        return new Problem(Kind.NO_SUCH_SHARE, "This task has no such link, or it was taken back before.");
    }

    static Problem tooManyShares(int most) {
        return new Problem(
                Kind.TOO_MANY_SHARES,
                "The task has " + most + " links that work. Take one back before you make another.");
    }

    static Problem noSuchAgent() {
        return new Problem(Kind.NO_SUCH_AGENT, "No agent is registered by this sender_id.");
    }

    static Problem noSuchRejected() {
        return new Problem(
                Kind.NO_SUCH_REJECTED,
                "There is no rejected message of this id; it may have been retried or discarded meanwhile.");
    }

    static Problem notArchived() {
        return new Problem(Kind.NOT_ARCHIVED, "The task is not archived: its steps are where they were.");
    }

    /** @param reason names the part that is not there or damaged, and quotes nothing of the task */
    static Problem archiveUnusable(String reason) {
        return new Problem(Kind.ARCHIVE_UNUSABLE, "Nothing was restored: " + reason + ".");
    }

    static Problem internal() {
        return new Problem(Kind.INTERNAL, "Something went wrong here. The trace id finds it in the log.");
    }

    static Problem unavailable() {
        return new Problem(
                Kind.UNAVAILABLE, "The database cannot be reached, or takes too long. Try again in a moment.");
    }

    static Problem bucketUnavailable() {
        return new Problem(
                Kind.UNAVAILABLE, "The bucket does not give what is asked of it in time. Try again in a moment.");
    }

    /** @param reason for the log */
    static Problem exportUnavailable(String reason) {
        return new Problem(
                Kind.UNAVAILABLE,
                "The export can neither be given nor asked for now. Try again in a moment.",
                null,
                reason);
    }

    static Problem exportFailed(ExportFailure failure, Instant now) {
        Duration left = failure.left(now);
        String again = " Ask again in " + (left.toMinutes() + 1)
                + " minutes, or tell whoever runs this service: its log has the cause.";
        return switch (failure.reason()) {
            case ERROR -> new Problem(Kind.EXPORT_FAILED, "The export could not be made." + again, left, null);
            case UNFINISHED ->
                new Problem(Kind.EXPORT_FAILED, "The export took too long, or too much memory." + again, left, null);
            case TOO_LARGE ->
                new Problem(
                        Kind.EXPORT_TOO_LARGE,
                        "There is more of it than one export can take. Ask for fewer tasks at a time, by since and until"
                                + " or another filter.");
        };
    }

    static Problem notRetried() {
        return new Problem(
                Kind.UNAVAILABLE,
                "The message could not be written now, and is still among the rejected. Try again in a moment; the trace"
                        + " id finds in the log what was in the way.");
    }

    /** Why, for the log; null where that is told already, or is the caller's doing. */
    @Nullable
    String logged() {
        return logged;
    }

    Response response(String traceId) {
        Map<String, String> headers =
                new HashMap<>(Map.of("content-type", "application/problem+json", "cache-control", "no-store"));
        if (retryAfter != null) {
            headers.put("retry-after", String.valueOf(Math.max(1, retryAfter.toSeconds())));
        }
        return new Response(kind.status, headers, Json.object(json -> {
            json.writeStringField("type", kind.type);
            json.writeStringField("title", kind.title);
            json.writeNumberField("status", kind.status);
            json.writeStringField("detail", detail);
            json.writeStringField("trace_id", traceId);
        }));
    }
}
