package dev.steptrail.api;

import dev.steptrail.api.json.Json;
import dev.steptrail.store.admin.AuditLog;
import dev.steptrail.store.admin.AuditLog.AuditRow;
import dev.steptrail.store.jdbc.Page;
import java.util.List;
import java.util.Set;

/** {@code GET /api/audit}: returns the audit log of the caller's tasks, or of all tasks for admins, newest first. */
record AuditRoute(AuditLog audit) {
    static final Set<String> PARAMETERS =
            Set.of("limit", "cursor", "owner", "caller", "action", "task_id", "since", "until");

    static final CursorCodec<AuditLog.Key> CURSORS = new CursorCodec<>(
            "audit.desc",
            key -> List.of(key.at(), key.id()),
            parts -> new AuditLog.Key(
                    TimeParser.parseStoredTime(parts.get(0)),
                    CursorCodec.requirePositive(Long.parseLong(parts.get(1)))));

    Response handle(Caller caller, Query query) {
        AuditLog.Filter filter = new AuditLog.Filter(
                caller.ownerFilter(query.name("owner")),
                query.name("caller"),
                query.text("action", 100),
                query.taskId("task_id"),
                query.time("since"),
                query.time("until"));
        Page<AuditRow> page = audit.page(filter, query.startKey(CURSORS), query.limit());
        return Response.json(
                Json.writeList("audit", page, row -> CURSORS.encode(new AuditLog.Key(row.at(), row.id()))));
    }
}
