package dev.steptrail.api;

import dev.steptrail.report.TasksExportKey;
import dev.steptrail.store.admin.AuditLog;
import dev.steptrail.store.model.TaskFilter;
import dev.steptrail.store.query.TaskRepository;
import java.util.Set;

/**
 * {@code GET /api/export}: the tasks that {@code GET /api/tasks} would list, as JSON Lines in the step format. With a {@code state},
 * as a 202 told it: as they were then, whatever became of them while the export was made.
 */
record ExportTasksRoute(TaskRepository tasks, AuditLog audit, Exports exports) implements Route.CallerHandler {
    static final Set<String> PARAMETERS = Query.names(TasksRoute.FILTERS, "state", "redirect");

    @Override
    public Response answer(Caller caller, Query query) {
        TaskFilter filter = TasksRoute.filter(caller, query);
        String asked = query.matching("state", TasksExportKey.STATE, "the state that a 202 told");
        boolean redirects = query.redirects();
        TaskRepository.State now = tasks.state(filter);
        String state = asked == null ? TasksExportKey.state(now.version()) : asked;
        Response response = exports.answer(new TasksExportKey(caller.owner(), filter, state, now.deleted()), redirects);
        if (response.status() != 202) { // it is given away
            audit.recordMatchingReads(caller.owner(), "read_export", filter);
        }
        return response;
    }
}
