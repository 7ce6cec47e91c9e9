package dev.steptrail.api;

import dev.steptrail.store.ListSteps;
import dev.steptrail.store.Page;
import dev.steptrail.store.StepFilter;
import dev.steptrail.store.StoredStep;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * {@code GET /api/tasks/{task_id}/steps}: a task's steps by number, {@code order=asc} (the default) or {@code desc}, all or those
 * that a filter leaves. The filter is no part of the cursor: who changes it goes on from the same step.
 */
record StepsRoute(ListSteps steps) implements Route.TaskHandler {
    static final Set<String> PARAMETERS =
            Set.of("limit", "cursor", "order", "type", "success", "min_number", "max_number", "since", "until", "text");

    @Override
    public Response answer(View view, Query query) {
        String order = query.oneOf("order", List.of("asc", "desc"));
        Cursors<Integer> cursors = Cursors.ofSteps("steps." + order);
        Page<StoredStep> page = steps.page(
                view.task().taskId(), filter(query), order.equals("asc"), query.after(cursors), query.limit());
        return Response.json(JsonList.of(
                "steps",
                page,
                step -> List.of(json -> StepJson.write(json, view.of(step))),
                step -> cursors.after(step.stepNumber()),
                null));
    }

    private static StepFilter filter(Query query) {
        String success = query.optionalOneOf("success", List.of("true", "false", "none"));
        return new StepFilter(
                query.text("type", 100),
                success == null ? null : StepFilter.Success.valueOf(success.toUpperCase(Locale.ROOT)),
                query.stepNumber("min_number"),
                query.stepNumber("max_number"),
                query.time("since"),
                query.time("until"),
                query.text("text", 200));
    }
}
