package dev.steptrail.api;

import dev.steptrail.store.CreateShare;
import dev.steptrail.store.ShareLink;
import dev.steptrail.store.Task;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Map;

/**
 * {@code POST /api/tasks/{task_id}/shares} of {@code {"expires_in":"P7D","include_sensitive":false}}, both of which may be left out: makes a
 * link by which anybody who has it reads the task. Its token is told in this answer and never again.
 */
record CreateShareRoute(CreateShare shares) implements Route.OwnerHandler {
    private static final Duration USUAL = Duration.ofDays(7);
    private static final Duration SHORTEST = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofDays(366);

    /** What the body asks for. */
    private static final class Wanted {
        private Duration lifetime = USUAL;
        private boolean includeSensitive;
    }

    @Override
    public Response answer(Request request, Task task) {
        Wanted wanted = wanted(request.body());
        String token = Shares.newToken();
        ShareLink made = shares.of(
                        task.taskId(),
                        Shares.hash(token),
                        request.caller().owner(),
                        wanted.lifetime,
                        wanted.includeSensitive)
                .orElseThrow(() -> Problem.tooManyShares(CreateShare.MOST));
        return Response.created(Json.text(json -> {
            json.writeStartObject();
            Json.text(json, "token", token);
            ShareJson.fields(json, made);
            json.writeEndObject();
        }));
    }

    private static Wanted wanted(byte[] body) {
        Wanted wanted = new Wanted();
        if (body.length == 0) {
            return wanted;
        }
        JsonBody.read(
                body,
                Map.of(
                        "expires_in",
                        json -> wanted.lifetime = lifetime(JsonBody.string(json)),
                        "include_sensitive",
                        json -> wanted.includeSensitive = JsonBody.flag("include_sensitive", json)));
        return wanted;
    }

    private static Duration lifetime(String text) {
        try {
            Duration lifetime = Duration.parse(text);
            if (lifetime.compareTo(SHORTEST) >= 0 && lifetime.compareTo(LONGEST) <= 0) {
                return lifetime;
            }
        } catch (DateTimeException none) {
            throw wrongLifetime();
        }
        throw wrongLifetime();
    }

    private static Problem wrongLifetime() {
        return Problem.badRequest(
                "expires_in: must be a duration of one minute to 366 days in ISO 8601, like P7D or PT12H.");
    }
}
