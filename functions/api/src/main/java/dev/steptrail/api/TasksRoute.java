package dev.steptrail.api;

import dev.steptrail.store.ListTasks;
import dev.steptrail.store.Page;
import dev.steptrail.store.Task;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** {@code GET /api/tasks}: the caller's tasks, an admin everybody's, newest first. */
record TasksRoute(ListTasks tasks) implements Route.CallerHandler {
    private static final String LIST = "tasks.desc";

    /** The years that a record may have; Postgres would refuse some that Instant takes. */
    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");

    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999Z");

    @Override
    public Response answer(Caller caller, Query query) {
        Page<Task> page = tasks.page(caller.listedOwner(), query.after(LIST, TasksRoute::key), query.limit());
        return Response.json(JsonList.of(
                "tasks",
                page,
                task -> List.of(json -> TaskJson.write(json, task)),
                task -> Cursor.encode(LIST, task.startedAt(), task.taskId()),
                null));
    }

    private static ListTasks.Key key(List<String> parts) {
        Instant startedAt = Instant.parse(parts.get(0));
        if (startedAt.isBefore(EARLIEST) || startedAt.isAfter(LATEST)) {
            throw new IllegalArgumentException("no task starts then");
        }
        return new ListTasks.Key(startedAt, UUID.fromString(parts.get(1)));
    }
}
