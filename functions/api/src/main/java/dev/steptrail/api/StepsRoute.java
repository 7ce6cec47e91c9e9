package dev.steptrail.api;

import dev.steptrail.store.ListSteps;
import dev.steptrail.store.Page;
import dev.steptrail.store.StoredStep;
import dev.steptrail.store.Task;
import java.util.List;

/** {@code GET /api/tasks/{task_id}/steps}: a task's steps by number, {@code order=asc} (the default) or {@code desc}. */
record StepsRoute(ListSteps steps) implements Route.TaskHandler {
    @Override
    public Response answer(Task task, Query query) {
        String order = query.oneOf("order", List.of("asc", "desc"));
        String list = "steps." + order;
        Page<StoredStep> page =
                steps.page(task.taskId(), order.equals("asc"), query.after(list, StepsRoute::number), query.limit());
        return Response.json(JsonList.of(
                "steps",
                page,
                step -> List.of(json -> StepJson.write(json, step)),
                step -> Cursor.encode(list, step.stepNumber()),
                null));
    }

    /** The only part of a cursor that names a step. */
    static Integer number(List<String> parts) {
        int number = Integer.parseInt(parts.get(0));
        if (parts.size() != 1 || number < 1) {
            throw new IllegalArgumentException("no step number");
        }
        return number;
    }
}
