package dev.steptrail.api;

import dev.steptrail.api.json.Json;
import dev.steptrail.api.json.StepSerializer.PricedStep;
import dev.steptrail.report.TaskView;
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
 * {@code GET /api/tasks/{task_id}/steps}: returns a task's steps by number, {@code order=asc} (the default) or
 * {@code desc}, optionally filtered. A search scans a limited number of steps per page, to limit the load on the
 * database. What models received and returned is part of the response only with {@code include_model_calls=true}. The
 * cursor does not contain the filter, so a client that changes the filter continues from the same step.
 */
record StepsRoute(StepRepository steps, UsageRepository usage) {
    /** The query parameter that adds what models received and returned. */
    static final String MODEL_CALLS = "include_model_calls";

    static final Set<String> PARAMETERS = Set.of(
            "limit",
            "cursor",
            "order",
            "type",
            "success",
            "min_number",
            "max_number",
            "since",
            "until",
            "text",
            MODEL_CALLS);

    Response handle(Request request) {
        TaskView view = request.view();
        Query query = request.query();
        UUID taskId = view.task().taskId();
        String order = query.oneOf("order", List.of("asc", "desc"));
        boolean ascending = order.equals("asc");
        CursorCodec<Integer> cursors = CursorCodec.forStepNumbers("steps." + order);
        Integer after = query.startKey(cursors);
        StepFilter filter = filter(query);
        boolean withModelCalls = query.flag(MODEL_CALLS);
        Optional<Integer> end =
                filter.isSearch() ? steps.findSearchEnd(taskId, filter, ascending, after) : Optional.empty();
        Page<StoredStep> page = steps.page(
                taskId, end.map(last -> filter.upTo(last, ascending)).orElse(filter), ascending, after, query.limit());
        Map<Integer, Cost> costs = costs(view, page.items(), usage);
        return Response.json(Json.writeList(
                "steps",
                page,
                step -> List.of(
                        view.includesModelCalls()
                                ? new PricedStep(view.filter(step, withModelCalls), costs.get(step.stepNumber()))
                                : view.filter(step, withModelCalls)),
                step -> cursors.encode(step.stepNumber()),
                Map.of(),
                end.map(cursors::encode).orElse(null)));
    }

    /** Returns the costs of these steps by number, without those that the reader may not see. */
    static Map<Integer, Cost> costs(TaskView view, List<StoredStep> steps, UsageRepository usage) {
        return view.includesModelCalls()
                ? usage.ofSteps(
                        view.task().taskId(),
                        steps.stream()
                                .filter(StoredStep::mayHaveUsage)
                                .map(StoredStep::stepNumber)
                                .toList())
                : Map.of();
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
