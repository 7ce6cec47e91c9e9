package dev.steptrail.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.api.Problem.Kind;
import dev.steptrail.api.json.Json;
import dev.steptrail.api.json.VerdictJson;
import dev.steptrail.stepformat.Verdict;
import dev.steptrail.stepformat.VerdictValue;
import dev.steptrail.stepformat.VerdictValue.Label;
import dev.steptrail.stepformat.VerdictValue.Score;
import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.judgements.TaskFullException;
import dev.steptrail.store.judgements.VerdictRepository;
import dev.steptrail.store.judgements.VerdictRepository.NewVerdict;
import dev.steptrail.store.judgements.VerdictRepository.StoredVerdict;
import dev.steptrail.store.model.Task;
import java.util.List;

/** The routes by which an owner judges a task, and sets the verdicts of evaluators. */
record VerdictRoutes(VerdictRepository verdicts) {
    /** The fields of a request that sets a verdict. */
    static final List<String> FIELDS = List.of("name", "value", "evaluator", "evaluator_version", "reason");

    private static final CursorCodec<Long> CURSORS = CursorCodec.forIds("verdicts.desc");

    private static final String NAME = "name";
    private static final String VALUE = "value";
    private static final String EVALUATOR = "evaluator";
    private static final String EVALUATOR_VERSION = "evaluator_version";
    private static final String REASON = "reason";

    /** {@code GET /api/tasks/{task_id}/verdicts}: returns the verdicts on a task. */
    Response list(Request request, Task task) {
        Query query = request.query();
        Page<StoredVerdict> page = verdicts.page(task.taskId(), query.startKey(CURSORS), query.limit());
        return Response.noStoreJson(Json.writeList(
                "verdicts",
                new Page<>(page.items().stream().map(VerdictJson::of).toList(), page.hasMore()),
                verdict -> CURSORS.encode(verdict.verdictId())));
    }

    /**
     * {@code PUT /api/tasks/{task_id}/verdicts}: sets the caller's verdict or, if the body has an {@code evaluator},
     * that of the evaluator.
     */
    Response set(Request request, Task task) {
        NewVerdict verdict = parse(JsonBody.parse(request.body(), FIELDS));
        try {
            return verdicts.set(task.taskId(), verdict, request.caller().owner())
                    .map(stored -> Response.noStoreJson(VerdictJson.of(stored)))
                    .orElseThrow(() -> new Problem(Kind.NOT_FOUND)); // a concurrent request deleted the task
        } catch (TaskFullException e) {
            throw new Problem(Kind.TOO_MANY_VERDICTS);
        }
    }

    /** Parses the {@link #FIELDS} of a body. */
    static NewVerdict parse(JsonBody body) {
        String name = body.has(NAME)
                ? NameValidator.requireTrimmed(NAME, body.string(NAME), Verdict.MAX_NAME_LENGTH)
                : Verdict.SUCCESS;
        VerdictValue value = value(body.fields().path(VALUE));
        try {
            Verdict.requireAllowed(name, value);
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest(
                    e.getMessage() + ", but is " + body.fields().path(VALUE) + ".");
        }
        if (body.has(EVALUATOR_VERSION) && !body.has(EVALUATOR)) {
            throw Problem.badRequest(EVALUATOR_VERSION + ": is only allowed together with " + EVALUATOR + ".");
        }
        return new NewVerdict(
                name,
                value,
                body.has(EVALUATOR) ? text(body, EVALUATOR, Verdict.MAX_EVALUATOR_LENGTH) : null,
                body.has(EVALUATOR_VERSION) ? text(body, EVALUATOR_VERSION, Verdict.MAX_EVALUATOR_LENGTH) : null,
                body.has(REASON)
                        ? NameValidator.requireText(REASON, body.string(REASON), Verdict.MAX_REASON_LENGTH)
                        : null);
    }

    private static String text(JsonBody body, String field, int max) {
        return NameValidator.requireLine(field, body.string(field), max);
    }

    private static VerdictValue value(JsonNode value) {
        if (value.isNumber() && Double.isFinite(value.doubleValue())) {
            return new Score(value.doubleValue());
        }
        for (Label label : Label.values()) {
            if (label.wireName().equals(value.textValue())) {
                return label;
            }
        }
        throw Problem.invalidValue(VALUE, "must be pass, fail, unclear or a number", value);
    }

    /** {@code DELETE /api/tasks/{task_id}/verdicts/{verdict_id}}: deletes a verdict. */
    Response delete(Request request, Task task) {
        long id = request.rowId("verdict_id", Kind.NO_SUCH_VERDICT);
        if (!verdicts.delete(task.taskId(), id, request.caller().owner())) {
            throw Problem.missing(Kind.NO_SUCH_VERDICT, id);
        }
        return Response.noContent();
    }
}
