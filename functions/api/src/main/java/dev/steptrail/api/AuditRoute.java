package dev.steptrail.api;

import dev.steptrail.api.json.JsonList;
import dev.steptrail.store.admin.AuditLog;
import dev.steptrail.store.admin.AuditLog.AuditRow;
import dev.steptrail.store.jdbc.Page;
import java.util.List;
import java.util.Set;

/** {@code GET /api/audit}: returns the audit log of the caller's tasks, or of all tasks for admins, newest first. */
record AuditRoute(AuditLog audit) {
    static final Set<String> PARAMETERS =
            Set.of("limit", "cursor", "owner", "caller", "action", "task_id", "since", "until");

    static final Cursors<AuditLog.Key> CURSORS = new Cursors<>(
            "audit.desc",
            key -> List.of(key.at(), key.id()),
            parts -> new AuditLog.Key(Query.stored(parts.get(0)), Cursors.positive(Long.parseLong(parts.get(1)))));

    Response answer(Caller caller, Query query) {
        AuditLog.Filter filter = new AuditLog.Filter(
                caller.listedOwner(query.name("owner")),
                query.name("caller"),
                query.text("action", 100),
                query.taskId("task_id"),
                query.time("since"),
                query.time("until"));
        Page<AuditRow> page = audit.page(filter, query.after(CURSORS), query.limit());
        return Response.json(JsonList.of("audit", page, row -> CURSORS.after(new AuditLog.Key(row.at(), row.id()))));
    }
}
