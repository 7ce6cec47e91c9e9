package dev.steptrail.api;

import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.model.TaskFilter;
import dev.steptrail.store.query.TaskRepository;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** {@code GET /api/tasks}: the caller's tasks, an admin everybody's or those of one owner, newest first; all or those that a filter leaves. */
record TasksRoute(TaskRepository tasks) implements Route.CallerHandler {
    /** Those that say which tasks. */
    static final Set<String> FILTERS =
            Set.of("owner", "status", "agent", "model", "device_id", "since", "until", "text");

    static final Set<String> PARAMETERS = Query.names(FILTERS, "limit", "cursor");

    static final Cursors<TaskRepository.Key> CURSORS = new Cursors<>(
            "tasks.desc",
            key -> List.of(key.startedAt(), key.taskId()),
            parts -> new TaskRepository.Key(Query.stored(parts.get(0)), UUID.fromString(parts.get(1))));

    private static final List<String> STATUSES =
            List.of("running", "succeeded", "failed", "cancelled", "abandoned", "archived");

    @Override
    public Response answer(Caller caller, Query query) {
        Page<Task> page = tasks.page(filter(caller, query), query.after(CURSORS), query.limit());
        return Response.json(JsonList.of(
                "tasks",
                page,
                task -> List.of(json -> TaskJson.write(json, task)),
                task -> CURSORS.after(TaskRepository.Key.of(task)),
                null));
    }

    /** @throws Problem if the caller may not ask for these */
    static TaskFilter filter(Caller caller, Query query) {
        return new TaskFilter(
                caller.listedOwner(query.name("owner")),
                query.optionalOneOf("status", STATUSES),
                query.text("agent", 1024),
                query.text("model", 1024),
                query.text("device_id", 1024),
                query.time("since"),
                query.time("until"),
                query.text("text", 200));
    }
}
