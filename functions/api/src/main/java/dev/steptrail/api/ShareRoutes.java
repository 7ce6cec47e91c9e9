package dev.steptrail.api;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.steptrail.api.Problem.Kind;
import dev.steptrail.api.json.Json;
import dev.steptrail.store.admin.ShareRepository;
import dev.steptrail.store.admin.ShareRepository.Contents;
import dev.steptrail.store.admin.ShareRepository.ShareLink;
import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.model.Task;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** The routes by which an owner manages the share links of a task. */
record ShareRoutes(ShareRepository shares) {
    private static final CursorCodec<Long> CURSORS = CursorCodec.forIds("shares.desc");

    private static final String EXPIRES_IN = "expires_in";
    private static final String INCLUDE_SENSITIVE = "include_sensitive";
    private static final String INCLUDE_DETAILS = "include_details";
    private static final String INCLUDE_JUDGEMENTS = "include_judgements";
    private static final String INCLUDE_MODEL_CALLS = "include_model_calls";
    private static final List<String> FIELDS =
            List.of(EXPIRES_IN, INCLUDE_SENSITIVE, INCLUDE_DETAILS, INCLUDE_JUDGEMENTS, INCLUDE_MODEL_CALLS);

    /** Stricter than {@link Duration#parse}, which also accepts signs, lower case and fractions. */
    private static final Pattern LIFETIME =
            Pattern.compile("P(?=[0-9T])([0-9]+D)?(T(?=[0-9])([0-9]+H)?([0-9]+M)?([0-9]+S)?)?");

    private static final Duration DEFAULT_LIFETIME = Duration.ofDays(7);
    private static final Duration MIN_LIFETIME = Duration.ofMinutes(1);
    private static final Duration MAX_LIFETIME = Duration.ofDays(366);

    private record NewLink(String token, @JsonUnwrapped ShareLink link) {}

    /**
     * {@code POST /api/tasks/{task_id}/shares}: creates a share link, with which anyone can read the task. The optional
     * body contains {@code expires_in}, default {@code P7D}, and what the link includes, default false. Only this
     * response contains the token.
     */
    Response create(Request request, Task task) {
        JsonBody body = JsonBody.parseOptional(request.body(), FIELDS);
        Duration lifetime = body.has(EXPIRES_IN) ? lifetime(body.string(EXPIRES_IN)) : DEFAULT_LIFETIME;
        String token = ShareLinkAuthenticator.newToken();
        ShareLink link = shares.create(
                        task,
                        ShareLinkAuthenticator.hash(token),
                        request.caller().owner(),
                        lifetime,
                        new Contents(
                                flag(body, INCLUDE_SENSITIVE),
                                flag(body, INCLUDE_DETAILS),
                                flag(body, INCLUDE_JUDGEMENTS),
                                flag(body, INCLUDE_MODEL_CALLS)))
                .orElseThrow(() -> new Problem(Kind.TOO_MANY_SHARES));
        return Response.created(new NewLink(token, link));
    }

    private static boolean flag(JsonBody body, String name) {
        return body.has(name) && body.flag(name);
    }

    private static Duration lifetime(String text) {
        try {
            Duration lifetime = LIFETIME.matcher(text).matches() ? Duration.parse(text) : Duration.ZERO;
            if (lifetime.compareTo(MIN_LIFETIME) >= 0 && lifetime.compareTo(MAX_LIFETIME) <= 0) {
                return lifetime;
            }
        } catch (DateTimeException overflow) {
            throw invalidLifetime(text);
        }
        throw invalidLifetime(text);
    }

    private static Problem invalidLifetime(String text) {
        return Problem.invalidValue(
                EXPIRES_IN, "must be an ISO 8601 duration of one minute to 366 days, like P7D or PT12H", text);
    }

    /** {@code GET /api/tasks/{task_id}/shares}: returns the links to a task, newest first, without their tokens. */
    Response list(Request request, Task task) {
        Query query = request.query();
        Page<ShareLink> page = shares.page(task.taskId(), query.startKey(CURSORS), query.limit());
        return Response.noStoreJson(Json.writeList("shares", page, share -> CURSORS.encode(share.id())));
    }

    /** {@code DELETE /api/tasks/{task_id}/shares/{share_id}}: revokes a link. */
    Response revoke(Request request, Task task) {
        long id = request.rowId("share_id", Kind.NO_SUCH_SHARE);
        if (!shares.revoke(task.taskId(), id, request.caller().owner())) {
            throw Problem.missing(Kind.NO_SUCH_SHARE, id);
        }
        return Response.noContent();
    }
}
