package dev.steptrail.api;

import com.amazonaws.services.lambda.runtime.Context;
import dev.steptrail.api.Problem.Kind;
import dev.steptrail.store.admin.AuditLog.AuditEntry;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a caller asks for, once it is known who they are and that they may.
 *
 * @param context of the invocation that answers it
 */
record Request(Caller caller, Query query, GatewayRequest event, Context context) {
    private static final int MAX_BODY_BYTES = 64 * 1024;

    /** A variable of the path, decoded. */
    String variable(String name) {
        return event.variable(name);
    }

    /**
     * {@code id} in the path, of a rejected message.
     *
     * @throws Problem if it is no id at all
     */
    long rejectedId() {
        String id = variable("id");
        if (!id.matches("[1-9][0-9]{0,17}")) {
            throw new Problem(Kind.NO_SUCH_REJECTED);
        }
        return Long.parseLong(id);
    }

    /** @throws Problem if it is too large */
    byte[] body() {
        String body = event.body();
        if (body.length() > 2 * MAX_BODY_BYTES) {
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
        return Problem.badRequest("The body: must be at most " + MAX_BODY_BYTES + " bytes.");
    }

    /** What this caller does, for the audit log. */
    AuditEntry entry(String action, @Nullable UUID taskId, Map<String, ?> detail) {
        return new AuditEntry(caller.owner(), action, taskId, detail);
    }
}
