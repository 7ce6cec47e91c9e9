package dev.steptrail.api;

import dev.steptrail.api.Problem.Kind;
import dev.steptrail.api.json.JsonList;
import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.judgements.StepLabelRepository;
import dev.steptrail.store.judgements.StepLabelRepository.LabelKey;
import dev.steptrail.store.judgements.StepLabelRepository.StepLabel;
import dev.steptrail.store.judgements.TaskFullException;
import dev.steptrail.store.model.Task;
import java.util.List;

/** The routes by which an owner labels the steps of a task. */
record StepLabelRoutes(StepLabelRepository labels) {
    /** A label may contain the separator of cursor parts, so the parts after the step number are joined again. */
    private static final CursorCodec<LabelKey> CURSORS = new CursorCodec<>(
            "labels.asc",
            key -> List.of(key.stepNumber(), key.label()),
            parts -> new LabelKey(
                    (int) CursorCodec.requirePositive(Integer.parseInt(parts.get(0))),
                    NameValidator.requireLine(
                            "cursor",
                            String.join("|", parts.subList(1, parts.size())),
                            StepLabelRepository.MAX_LENGTH)));

    /** {@code GET /api/tasks/{task_id}/labels}: returns the labels of the task's steps. */
    Response list(Request request, Task task) {
        Query query = request.query();
        Page<StepLabel> page = labels.page(task.taskId(), query.startKey(CURSORS), query.limit());
        return Response.noStoreJson(JsonList.write(
                "labels", page, label -> CURSORS.encode(new LabelKey(label.stepNumber(), label.label()))));
    }

    /** {@code PUT /api/steps/{step_id}/labels/{label}}: adds a label to a step, and returns the label. */
    Response add(Request request, Task task, int stepNumber) {
        String label = NameValidator.requireSegment("label", request.variable("label"), StepLabelRepository.MAX_LENGTH);
        try {
            return labels.add(task.taskId(), stepNumber, label, request.caller().owner())
                    .map(Response::noStoreJson)
                    .orElseThrow(() -> Problem.missing(Kind.NO_SUCH_STEP, stepNumber));
        } catch (TaskFullException e) {
            throw new Problem(Kind.TOO_MANY_LABELS);
        }
    }

    /** {@code DELETE /api/steps/{step_id}/labels/{label}}: removes a label from a step. */
    Response remove(Request request, Task task, int stepNumber) {
        String label = request.variable("label");
        if (!NameValidator.isLine(label, StepLabelRepository.MAX_LENGTH)
                || !labels.remove(
                        task.taskId(), stepNumber, label, request.caller().owner())) {
            throw Problem.missing(Kind.NO_SUCH_LABEL, label);
        }
        return Response.noContent();
    }
}
