package dev.steptrail.api;

import com.amazonaws.services.lambda.runtime.Context;
import dev.steptrail.api.Problem.Kind;
import dev.steptrail.report.TaskView;
import dev.steptrail.store.admin.AuditLog.AuditEntry;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A request that {@link Router} has authorized.
 *
 * @param signedIn the caller; null if the route needs no token
 * @param accessible the caller's view of the task that the path names; null if it names none
 * @param stepNumber the number of the step that the path names; 0 if it names none
 */
record Request(
        @Nullable Caller signedIn,
        Query query,
        GatewayRequest event,
        Context context,
        @Nullable TaskView accessible,
        int stepNumber) {
    private static final int MAX_BODY_BYTES = 64 * 1024;

    /** Returns the caller. The route must need a token. */
    Caller caller() {
        return Objects.requireNonNull(signedIn);
    }

    /** Returns the view of the task. The route must name a task or a step. */
    TaskView view() {
        return Objects.requireNonNull(accessible);
    }

    /** Returns the header {@code If-None-Match}; null if the request has none. */
    @Nullable
    String ifNoneMatch() {
        return event.header("if-none-match");
    }

    /** Returns a decoded path variable. */
    String variable(String name) {
        return event.variable(name);
    }

    /**
     * Returns a path variable that is the id of a row.
     *
     * @param missing the kind of the problem to throw if it is not a valid id
     */
    long rowId(String name, Kind missing) {
        String id = variable(name);
        if (!id.matches("[1-9][0-9]{0,17}")) {
            throw Problem.missing(missing, id);
        }
        return Long.parseLong(id);
    }

    /** @throws Problem if the body exceeds 64 KiB */
    byte[] body() {
        String body = event.body();
        if (body.length() > 2 * MAX_BODY_BYTES) { // too large even if it is base64
            throw tooLarge();
        }
        byte[] bytes =
                event.isBase64Encoded() ? Base64.getDecoder().decode(body) : body.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > MAX_BODY_BYTES) {
            throw tooLarge();
        }
        return bytes;
    }

    private static Problem tooLarge() {
        return Problem.badRequest("The request body must be at most " + MAX_BODY_BYTES + " bytes.");
    }

    /** Returns an audit log entry with this caller. */
    AuditEntry auditEntry(String action, @Nullable UUID taskId, Map<String, ?> detail) {
        return new AuditEntry(caller().owner(), action, taskId, detail);
    }
}
