package dev.steptrail.api;

import dev.steptrail.api.Problem.Kind;
import dev.steptrail.api.json.Json;
import dev.steptrail.api.json.TaskJson;
import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.judgements.StepLabelRepository;
import dev.steptrail.store.judgements.StepLabelRepository.LabelKey;
import dev.steptrail.store.judgements.StepLabelRepository.StepLabel;
import dev.steptrail.store.judgements.TagRepository;
import dev.steptrail.store.judgements.TaskFullException;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.usage.UsageRepository;
import java.util.List;
import java.util.UUID;

/** The routes by which an owner tags a task and labels its steps. */
record TagRoutes(TagRepository tags, StepLabelRepository labels, UsageRepository usage) {
    /** A label may contain the separator of cursor parts, so the parts after the step number are joined again. */
    private static final CursorCodec<LabelKey> LABEL_CURSORS = new CursorCodec<>(
            "labels.asc",
            key -> List.of(key.stepNumber(), key.label()),
            parts -> new LabelKey(
                    (int) CursorCodec.requirePositive(Integer.parseInt(parts.get(0))),
                    NameValidator.requireLine(
                            "cursor",
                            String.join("|", parts.subList(1, parts.size())),
                            StepLabelRepository.MAX_LENGTH)));

    /** {@code PUT /api/tasks/{task_id}/tags/{tag}}: adds a tag, and returns the task. */
    Response add(Request request, Task task) {
        String tag = NameValidator.requireSegment("tag", request.variable("tag"), TagRepository.MAX_LENGTH);
        Task tagged =
                tags.add(task.taskId(), tag, request.caller().owner()).orElseThrow(() -> new Problem(Kind.NOT_FOUND));
        if (!tagged.tags().contains(tag)) {
            throw new Problem(Kind.TOO_MANY_TAGS);
        }
        return Response.noStoreJson(TaskJson.read(tagged, usage));
    }

    /** {@code DELETE /api/tasks/{task_id}/tags/{tag}}: removes a tag. */
    Response remove(Request request, Task task) {
        String tag = request.variable("tag");
        if (!NameValidator.isLine(tag, TagRepository.MAX_LENGTH)
                || !tags.remove(task.taskId(), tag, request.caller().owner())) {
            throw Problem.missing(Kind.NO_SUCH_TAG, tag);
        }
        return Response.noContent();
    }

    /** {@code GET /api/tasks/{task_id}/labels}: returns the labels of the task's steps. */
    Response listLabels(Request request, Task task) {
        Query query = request.query();
        Page<StepLabel> page = labels.page(task.taskId(), query.startKey(LABEL_CURSORS), query.limit());
        return Response.noStoreJson(Json.writeList(
                "labels", page, label -> LABEL_CURSORS.encode(new LabelKey(label.stepNumber(), label.label()))));
    }

    /** {@code PUT /api/steps/{step_id}/labels/{label}}: adds a label to a step, and returns the label. */
    Response addLabel(Request request) {
        String label = NameValidator.requireSegment("label", request.variable("label"), StepLabelRepository.MAX_LENGTH);
        UUID taskId = request.view().task().taskId();
        try {
            return labels.add(
                            taskId,
                            request.stepNumber(),
                            label,
                            request.caller().owner())
                    .map(Response::noStoreJson)
                    .orElseThrow(() -> Problem.missing(Kind.NO_SUCH_STEP, request.stepNumber()));
        } catch (TaskFullException e) {
            throw new Problem(Kind.TOO_MANY_LABELS);
        }
    }

    /** {@code DELETE /api/steps/{step_id}/labels/{label}}: removes a label from a step. */
    Response removeLabel(Request request) {
        String label = request.variable("label");
        if (!NameValidator.isLine(label, StepLabelRepository.MAX_LENGTH)
                || !labels.remove(
                        request.view().task().taskId(),
                        request.stepNumber(),
                        label,
                        request.caller().owner())) {
            throw Problem.missing(Kind.NO_SUCH_LABEL, label);
        }
        return Response.noContent();
    }
}
