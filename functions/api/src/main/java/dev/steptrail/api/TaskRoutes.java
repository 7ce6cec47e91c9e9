package dev.steptrail.api;

import dev.steptrail.api.Problem.Kind;
import dev.steptrail.api.json.Json;
import dev.steptrail.api.json.TaskJson;
import dev.steptrail.report.ExportKey.Format;
import dev.steptrail.report.TaskView;
import dev.steptrail.report.TasksExportRequest;
import dev.steptrail.store.admin.AuditLog;
import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.judgements.TagRepository;
import dev.steptrail.store.model.Facet;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.model.TaskFilter;
import dev.steptrail.store.query.TaskRepository;
import dev.steptrail.store.query.TaskValues;
import dev.steptrail.store.query.TaskValues.Field;
import dev.steptrail.store.query.TaskValues.ValueCount;
import dev.steptrail.store.retention.ArchiveRepository;
import dev.steptrail.store.retention.TaskDeletion;
import dev.steptrail.store.usage.TaskUsage;
import dev.steptrail.store.usage.UsageRepository;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The routes that list tasks, and that return, export, keep and delete them. */
record TaskRoutes(
        TaskRepository tasks,
        TaskValues values,
        TaskDeletion deletion,
        ArchiveRepository archives,
        UsageRepository usage,
        ListIncludes includes,
        AuditLog audit,
        ExportService exports) {
    /** The parameters that filter tasks. */
    static final Set<String> FILTERS = Set.of(
            "owner",
            "status",
            "agent",
            "model",
            "device_id",
            "since",
            "until",
            "text",
            "tag",
            "verdict",
            "experiment",
            "case_id",
            Facet.METADATA + "*");

    /** The maximum number of tags, and of values of the metadata, in a filter. */
    private static final int MAX_FACETS = 5;

    static final Set<String> PARAMETERS = Query.union(FILTERS, "limit", "cursor", ListIncludes.PARAMETER);
    static final Set<String> EXPORT_PARAMETERS = Query.union(FILTERS, "state", "redirect");

    static final Set<String> VALUES_PARAMETERS = Set.of("field", "prefix", "owner");

    private static final List<String> FIELDS = List.of("agent", "model", "device_id", "tag", "experiment");

    /** Excludes control characters, line separators and unpaired surrogates. */
    private static final String METADATA_NAME = "[^\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}]{1," + Facet.MAX_LENGTH + "}";

    static final CursorCodec<TaskRepository.Key> CURSORS = new CursorCodec<>(
            "tasks.desc",
            key -> List.of(key.startedAt(), key.taskId()),
            parts -> new TaskRepository.Key(TimeParser.parseStoredTime(parts.get(0)), UUID.fromString(parts.get(1))));

    private static final List<String> STATUSES =
            List.of("running", "succeeded", "failed", "cancelled", "abandoned", "archived");

    private record FieldValues(String field, List<ValueCount> values, int countedTasks, boolean truncated) {}

    /**
     * {@code GET /api/tasks}: returns the caller's tasks or, for admins, all tasks, newest first. A search scans a
     * limited number of tasks per page, to limit the load on the database.
     */
    Response list(Caller caller, Query query) {
        TaskFilter filter = filter(caller, query);
        Set<String> included = query.wordsOf(ListIncludes.PARAMETER, ListIncludes.WORDS);
        TaskRepository.Key after = query.startKey(CURSORS);
        Optional<TaskRepository.Key> end = filter.isSearch() ? tasks.findSearchEnd(filter, after) : Optional.empty();
        Page<Task> page = tasks.page(filter, after, end.orElse(null), query.limit());
        if (page.items().isEmpty() && after == null) {
            requireKnownMetadata(tasks, filter);
        }
        Map<UUID, TaskUsage> usages =
                usage.ofTasks(page.items().stream().map(Task::taskId).toList());
        Map<UUID, Map<String, @Nullable Object>> fields = includes.read(caller.owner(), page.items(), included);
        byte[] list = Json.writeList(
                "tasks",
                page,
                task -> List.of(new ListIncludes.ListedTask(
                        TaskJson.of(task, usages.get(task.taskId())), fields.getOrDefault(task.taskId(), Map.of()))),
                task -> CURSORS.encode(TaskRepository.Key.of(task)),
                Map.of(),
                end.map(CURSORS::encode).orElse(null));
        return included.contains(ListIncludes.THUMBNAIL) ? Response.noStoreJson(list) : Response.json(list);
    }

    /**
     * {@code GET /api/tasks/values}: returns the most frequent values of a {@code field} of the caller's newest tasks
     * or, for admins, of all tasks, so that clients can offer them in a filter.
     */
    Response listValues(Caller caller, Query query) {
        String field = query.oneOf("field", FIELDS);
        String prefix = Objects.requireNonNullElse(query.text("prefix", 200), "");
        TaskValues.Values found = values.find(
                Field.valueOf(field.toUpperCase(Locale.ROOT)), caller.ownerFilter(query.name("owner")), prefix);
        boolean truncated =
                found.countedTasks() == TaskValues.MAX_TASKS || found.values().size() == TaskValues.MAX_VALUES;
        return Response.json(new FieldValues(field, found.values(), found.countedTasks(), truncated));
    }

    /**
     * {@code GET /api/export}: exports the tasks that {@code GET /api/tasks} would list, as JSON Lines in the step
     * format. With the {@code state} of a 202 response, the export contains the tasks as of that response.
     */
    Response exportTasks(Caller caller, Query query) {
        TaskFilter filter = filter(caller, query);
        String requested = query.matching("state", TasksExportRequest.STATE_PATTERN, "the state of a 202 response");
        boolean redirects = query.redirects();
        requireKnownMetadata(tasks, filter);
        TasksExportRequest export = requested == null
                ? TasksExportRequest.of(caller.owner(), filter, tasks.state(filter))
                : new TasksExportRequest(caller.owner(), filter, requested, tasks.countDeleted(filter));
        Response response = exports.respond(export, redirects);
        if (response.status() != 202) { // the response contains the URL of the export
            audit.recordDownload(caller.owner(), filter.owner(), export.key());
        }
        return response;
    }

    /**
     * Returns the filter with the {@link #FILTERS} among the parameters. For callers who are no admins, it selects only
     * their own tasks.
     *
     * @throws Problem if a parameter is invalid, or the caller may not list these tasks
     */
    static TaskFilter filter(Caller caller, Query query) {
        return new TaskFilter(
                caller.ownerFilter(query.name("owner")),
                query.optionalOneOf("status", STATUSES),
                query.text("agent", 1024),
                query.text("model", 1024),
                query.text("device_id", 1024),
                query.time("since"),
                query.time("until"),
                query.text("text", 200),
                facets(query),
                query.optionalOneOf("verdict", TaskFilter.VERDICTS),
                query.text("experiment", 200),
                query.text("case_id", 200));
    }

    private static List<Facet> facets(Query query) {
        List<Facet> facets = new ArrayList<>();
        query.texts(Facet.TAG, TagRepository.MAX_LENGTH, MAX_FACETS).forEach(tag -> facets.add(Facet.tag(tag)));
        List<String> names = query.names(Facet.METADATA);
        if (names.size() > MAX_FACETS) {
            throw Problem.badRequest("metadata: must be at most " + MAX_FACETS + " parameters.");
        }
        for (String name : names) {
            if (name.equals(Facet.METADATA) || !name.matches(METADATA_NAME)) {
                throw Problem.badRequest("metadata: must be followed by a dot and a key of at most "
                        + (Facet.MAX_LENGTH - Facet.METADATA.length()) + " characters, without control characters.");
            }
            facets.add(new Facet(name, Objects.requireNonNull(query.text(name, Facet.MAX_LENGTH))));
        }
        return facets;
    }

    /** @throws Problem if the owner has no task whose metadata have a key of the filter, which is probably misspelt */
    static void requireKnownMetadata(TaskRepository tasks, TaskFilter filter) {
        for (Facet facet : filter.facets()) {
            if (!facet.isTag() && !tasks.hasFacet(filter.owner(), facet.name())) {
                throw Problem.badRequest(Query.displayName(facet.name()) + ": no task has " + facet.name()
                        + ". Join the keys of nested objects with dots, up to three levels.");
            }
        }
    }

    /** {@code GET /api/tasks/{task_id}}: returns the task, with its tokens and their cost unless a link omits them. */
    Response get(Request request) {
        TaskView view = request.view();
        return Response.json(view.includesModelCalls() ? TaskJson.read(view.task(), usage) : view.task());
    }

    /** {@code GET /api/tasks/{task_id}/export}: exports the task as a ZIP in {@code lang}, default {@code en}. */
    Response exportTask(Request request) {
        Query query = request.query();
        return exports.respond(request.view(), query.language(), false, Format.ZIP, query.redirects());
    }

    /** {@code PUT /api/tasks/{task_id}/keep}: sets whether the task is exempt from retention. */
    Response setKeep(Request request, Task task) {
        boolean keep = JsonBody.parse(request.body(), List.of("keep")).flag("keep");
        Task updated = archives.setKeep(task.taskId(), keep, request.caller().owner())
                .orElseThrow(() -> new Problem(Kind.NOT_FOUND));
        return Response.noStoreJson(TaskJson.read(updated, usage));
    }

    /** {@code DELETE /api/tasks/{task_id}}: deletes a task and everything that belongs to it. */
    Response delete(Request request, Task task) {
        if (!deletion.delete(task.taskId(), request.caller().owner())) {
            throw new Problem(Kind.NOT_FOUND); // a concurrent request deleted it
        }
        return Response.noContent();
    }
}
