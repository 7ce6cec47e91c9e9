package dev.steptrail.api;

import dev.steptrail.aws.TestBucket;
import dev.steptrail.store.TestDatabase;
import java.util.List;
import java.util.Map;

/** Base of tests of the admin routes, with a separate database and bucket. */
public abstract class AdminApiTestBase {
    public static final String AGENTS = "GET /api/admin/agents";
    public static final String REGISTER = "PUT /api/admin/agents/{sender_id}";
    public static final String REMOVE = "DELETE /api/admin/agents/{sender_id}";
    public static final String UNREGISTERED_SENDERS = "GET /api/admin/unregistered-senders";
    public static final String REJECTED = "GET /api/admin/rejected";
    public static final String SHOW = "GET /api/admin/rejected/{id}";
    public static final String RETRY = "POST /api/admin/rejected/{id}/retry";
    public static final String DISCARD = "DELETE /api/admin/rejected/{id}";
    public static final String RESTORE = "POST /api/admin/restore";
    public static final String JOB = "GET /api/jobs/{job_id}";
    public static final String MAINTENANCE = "GET /api/admin/maintenance";
    public static final List<String> ROUTES = List.of(
            MAINTENANCE, AGENTS, REGISTER, REMOVE, UNREGISTERED_SENDERS, REJECTED, SHOW, RETRY, DISCARD, RESTORE);

    public static final TestDatabase DATABASE = TestDatabase.migrated();
    public static final TestBucket BUCKET = TestBucket.empty();
    public static final Map<String, String> SETTINGS =
            TestSettings.of(DATABASE, TestQueue.settings(BUCKET.settings(), new TestQueue(), new TestQueue()));
    public static final ApiHandler HANDLER = new ApiHandler(SETTINGS);
    public static final Map<String, String> ADMIN = Map.of("sub", "root", "cognito:groups", "[steptrail-admin]");

    public final Api admin = new Api(HANDLER, ADMIN);

    public void register(String senderId, String owner) {
        admin.call(REGISTER, senderId, "", "{\"owner\":\"" + owner + "\"}");
    }
}
