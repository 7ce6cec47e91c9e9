package dev.steptrail.api;

import dev.steptrail.api.json.JsonList;
import dev.steptrail.api.json.PricedStep;
import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.model.StoredStep;
import dev.steptrail.store.query.StepRepository;
import dev.steptrail.store.query.StepRepository.StepFilter;
import dev.steptrail.store.usage.Cost;
import dev.steptrail.store.usage.UsageRepository;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * {@code GET /api/tasks/{task_id}/steps}: returns a task's steps by number, {@code order=asc} (the default) or {@code
 * desc}, optionally filtered. A search scans a limited number of steps per page, to limit the load on the
 * database. The cursor does not contain the filter, so a client that changes the filter continues from the same step.
 */
record StepsRoute(StepRepository steps, UsageRepository usage) {
    static final Set<String> PARAMETERS =
            Set.of("limit", "cursor", "order", "type", "success", "min_number", "max_number", "since", "until", "text");

    Response handle(TaskView view, Query query) {
        UUID taskId = view.task().taskId();
        String order = query.oneOf("order", List.of("asc", "desc"));
        boolean ascending = order.equals("asc");
        CursorCodec<Integer> cursors = CursorCodec.forStepNumbers("steps." + order);
        Integer after = query.startKey(cursors);
        StepFilter filter = filter(query);
        Optional<Integer> end =
                filter.isSearch() ? steps.findSearchEnd(taskId, filter, ascending, after) : Optional.empty();
        Page<StoredStep> page = steps.page(
                taskId, end.map(last -> filter.upTo(last, ascending)).orElse(filter), ascending, after, query.limit());
        Map<Integer, Cost> costs = view.includesUsage()
                ? usage.ofSteps(
                        taskId,
                        page.items().stream().map(StoredStep::stepNumber).toList())
                : Map.of();
        return Response.json(JsonList.write(
                "steps",
                page,
                step -> List.of(
                        view.includesUsage()
                                ? new PricedStep(view.filter(step), costs.get(step.stepNumber()))
                                : view.filter(step)),
                step -> cursors.encode(step.stepNumber()),
                Map.of(),
                end.map(cursors::encode).orElse(null)));
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
