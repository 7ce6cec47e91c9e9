package dev.steptrail.api;

import dev.steptrail.api.Problem.Kind;
import dev.steptrail.api.json.TaskJson;
import dev.steptrail.store.judgements.TagRepository;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.usage.UsageRepository;

/** The routes by which an owner tags a task. */
record TagRoutes(TagRepository tags, UsageRepository usage) {
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
}
