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

    @Override
    public Response answer(Caller caller, Query query) {
        Page<Task> page = tasks.page(caller.listedOwner(), query.after(LIST, TasksRoute::key), query.limit());
        return Response.json(JsonList.of(
                "tasks",
                page,
                task -> List.of(Json.bytes(json -> TaskJson.write(json, task))),
                task -> Cursor.encode(LIST, task.startedAt(), task.taskId()),
                null));
    }

    private static ListTasks.Key key(List<String> parts) {
        return new ListTasks.Key(Instant.parse(parts.get(0)), UUID.fromString(parts.get(1)));
    }
}
