package dev.steptrail.api;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.stepformat.TaskId;
import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.judgements.BulkChange;
import dev.steptrail.store.judgements.BulkRepository;
import dev.steptrail.store.judgements.BulkRequest;
import dev.steptrail.store.judgements.BulkResult;
import dev.steptrail.store.judgements.TagChange;
import dev.steptrail.store.judgements.TagRepository;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.model.TaskFilter;
import dev.steptrail.store.query.TaskRepository;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The routes that change the tags or verdicts of many tasks: those with these ids, or those that a filter selects. If a
 * filter selects more than {@value BulkRepository#MAX_TASKS} tasks, a job changes them.
 */
record BulkRoutes(TaskRepository tasks, BulkRepository bulk, JobRoutes jobs) {
    private static final String TASK_IDS = "task_ids";
    private static final String FILTER = "filter";
    private static final String DRY_RUN = "dry_run";
    private static final String ADD = "add";
    private static final String REMOVE = "remove";

    /** @param truncated whether more tasks may match than were counted */
    private record DryRun(@JsonUnwrapped BulkResult counts, boolean truncated) {}

    /** {@code POST /api/bulk/tags}: removes and adds tags. */
    Response changeTags(Request request) {
        JsonBody body = parse(request, List.of(ADD, REMOVE));
        List<String> add = tags(body, ADD);
        List<String> remove = tags(body, REMOVE);
        if (add.isEmpty() && remove.isEmpty()) {
            throw Problem.badRequest(ADD + ": give the tags to add, or those to remove in " + REMOVE + ".");
        }
        if (add.stream().anyMatch(remove::contains)) {
            throw Problem.badRequest(ADD + ": must not contain a tag of " + REMOVE + ".");
        }
        return change(request, body, new TagChange(add, remove));
    }

    /** {@code POST /api/bulk/verdicts}: sets the caller's verdict or that of an evaluator. */
    Response setVerdicts(Request request) {
        JsonBody body = parse(request, VerdictRoutes.FIELDS);
        return change(request, body, VerdictRoutes.parse(body));
    }

    private static JsonBody parse(Request request, List<String> fields) {
        JsonBody body = JsonBody.parse(
                request.body(),
                Stream.concat(Stream.of(TASK_IDS, FILTER, DRY_RUN), fields.stream())
                        .toList());
        if (body.has(TASK_IDS) == body.has(FILTER)) {
            throw Problem.badRequest(TASK_IDS + ": give either " + TASK_IDS + " or " + FILTER
                    + (body.has(FILTER) ? ", not both." : "."));
        }
        return body;
    }

    private static List<String> tags(JsonBody body, String field) {
        if (!body.has(field)) {
            return List.of();
        }
        List<String> tags = body.strings(field);
        if (tags == null || tags.size() > TagChange.MAX_CHANGED) {
            throw Problem.badRequest(field + ": must be an array of at most " + TagChange.MAX_CHANGED + " tags.");
        }
        tags.forEach(tag -> NameValidator.requireSegment(field, tag, TagRepository.MAX_LENGTH));
        return tags;
    }

    private Response change(Request request, JsonBody body, BulkChange change) {
        Caller caller = request.caller();
        boolean dryRun = body.has(DRY_RUN) && body.flag(DRY_RUN);
        if (body.has(TASK_IDS)) {
            Set<UUID> ids = taskIds(body);
            String owner = caller.ownerFilter(null);
            return Response.noStoreJson(
                    dryRun ? bulk.count(ids, owner) : bulk.apply(ids, owner, change, caller.owner()));
        }
        JsonNode fields = body.object(FILTER);
        if (fields.isEmpty()) {
            throw Problem.badRequest(FILTER + ": is empty, which selects all tasks. Add a condition, such as since; to"
                    + " change all tasks of an owner, add owner.");
        }
        TaskFilter filter = TaskRoutes.filter(caller, Query.ofFields(fields, TaskRoutes.FILTERS));
        TaskRoutes.requireKnownMetadata(tasks, filter);
        if (dryRun) {
            TaskRepository.Count count = tasks.count(filter);
            return Response.noStoreJson(new DryRun(new BulkResult(count.tasks(), 0, 0, 0, 0), count.isMinimum()));
        }
        // A search that cannot read all tasks in one request is left to a job, however few tasks it finds.
        Optional<TaskRepository.Key> end = filter.isSearch() ? tasks.findSearchEnd(filter, null) : Optional.empty();
        Page<Task> page = tasks.page(filter, null, end.orElse(null), BulkRepository.MAX_TASKS);
        if (page.hasMore() || end.isPresent()) {
            return jobs.requestBulk(request, new BulkRequest(filter, change));
        }
        List<UUID> ids = page.items().stream().map(Task::taskId).toList();
        return Response.noStoreJson(
                bulk.apply(ids, filter.owner(), change, caller.owner()).withoutMissing());
    }

    private static Set<UUID> taskIds(JsonBody body) {
        List<String> texts = body.strings(TASK_IDS);
        if (texts == null || texts.isEmpty() || texts.size() > BulkRepository.MAX_TASKS) {
            throw Problem.badRequest(TASK_IDS + ": must be an array of 1 to " + BulkRepository.MAX_TASKS
                    + " ids. For more tasks, use a filter or several requests.");
        }
        Set<UUID> ids = new LinkedHashSet<>();
        for (int i = 0; i < texts.size(); i++) {
            String element = TASK_IDS + "." + i;
            String text = texts.get(i);
            ids.add(TaskId.parse(text)
                    .orElseThrow(() -> Problem.invalidValue(element, "must be a UUID in lower case", text)));
        }
        return ids;
    }
}
