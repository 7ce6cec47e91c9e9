package dev.steptrail.api;

import dev.steptrail.store.admin.ShareRepository;
import dev.steptrail.store.model.ShareLink;
import dev.steptrail.store.model.Task;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * {@code POST /api/tasks/{task_id}/shares} of {@code {"expires_in":"P7D","include_sensitive":false}}, both of which may be left out: makes a
 * link by which anybody who has it reads the task. Its token is told in this answer and never again.
 */
record CreateShareRoute(ShareRepository shares) implements Route.OwnerHandler {
    private static final String EXPIRES_IN = "expires_in";
    private static final String INCLUDE_SENSITIVE = "include_sensitive";

    /** Java takes more for a duration: signs, small letters, fractions. */
    private static final Pattern WRITTEN =
            Pattern.compile("P(?=[0-9T])([0-9]+D)?(T(?=[0-9])([0-9]+H)?([0-9]+M)?([0-9]+S)?)?");

    private static final Duration USUAL = Duration.ofDays(7);
    private static final Duration SHORTEST = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofDays(366);

    @Override
    public Response answer(Request request, Task task) {
        JsonBody body = JsonBody.ofOptional(request.body(), List.of(EXPIRES_IN, INCLUDE_SENSITIVE));
        Duration lifetime = body.has(EXPIRES_IN) ? lifetime(body.string(EXPIRES_IN)) : USUAL;
        boolean includeSensitive = body.has(INCLUDE_SENSITIVE) && body.flag(INCLUDE_SENSITIVE);
        String token = Shares.newToken();
        ShareLink made = shares.create(
                        task.taskId(), Shares.hash(token), request.caller().owner(), lifetime, includeSensitive)
                .orElseThrow(() -> Problem.tooManyShares(ShareRepository.MAX_LINKS));
        return Response.created(Json.of(json -> {
            json.writeStartObject();
            Json.text(json, "token", token);
            ShareJson.fields(json, made);
            json.writeEndObject();
        }));
    }

    private static Duration lifetime(String text) {
        try {
            Duration lifetime = WRITTEN.matcher(text).matches() ? Duration.parse(text) : Duration.ZERO;
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
