package dev.steptrail.api;

import dev.steptrail.aws.TestBucket;
import dev.steptrail.store.TestDatabase;
import java.util.List;
import java.util.Map;

/** The routes of admins, over a database and a bucket of their own. */
abstract class CallsAdminApi {
    static final String AGENTS = "GET /api/admin/agents";
    static final String REGISTER = "PUT /api/admin/agents/{sender_id}";
    static final String REMOVE = "DELETE /api/admin/agents/{sender_id}";
    static final String UNREGISTERED_SENDERS = "GET /api/admin/unregistered-senders";
    static final String REJECTED = "GET /api/admin/rejected";
    static final String SHOW = "GET /api/admin/rejected/{id}";
    static final String RETRY = "POST /api/admin/rejected/{id}/retry";
    static final String DISCARD = "DELETE /api/admin/rejected/{id}";
    static final String RESTORE = "POST /api/admin/restore";
    static final String MAINTENANCE = "GET /api/admin/maintenance";
    static final List<String> ROUTES = List.of(
            MAINTENANCE, AGENTS, REGISTER, REMOVE, UNREGISTERED_SENDERS, REJECTED, SHOW, RETRY, DISCARD, RESTORE);

    static final TestDatabase DATABASE = TestDatabase.migrated();
    static final TestBucket BUCKET = TestBucket.empty();
    static final Map<String, String> SETTINGS =
            TestSettings.of(DATABASE, BUCKET.settings("STEPTRAIL_EXPORTS_QUEUE_URL", new ExportsQueue().url()));
    static final ApiHandler HANDLER = new ApiHandler(SETTINGS);
    static final Map<String, String> ADMIN = Map.of("sub", "root", "cognito:groups", "[steptrail-admin]");

    final Api admin = new Api(HANDLER, ADMIN);

    void register(String senderId, String owner) {
        admin.call(REGISTER, senderId, "", "{\"owner\":\"" + owner + "\"}");
    }

    /** What the audit log says of an action, newest first. */
    static List<String> audited(String action) {
        return DATABASE.column(
                "SELECT concat_ws(' ', caller, task_id, task_owner, detail) FROM audit_log WHERE action = '" + action
                        + "' ORDER BY id DESC");
    }
}
