package dev.steptrail.api;

import dev.steptrail.archive.RestoreArchives;
import dev.steptrail.aws.BucketReader;
import dev.steptrail.ingest.Redelivery;
import dev.steptrail.store.admin.FindRejected;
import dev.steptrail.store.admin.ListAgents;
import dev.steptrail.store.admin.ListRejected;
import dev.steptrail.store.admin.ListUnregisteredSenders;
import dev.steptrail.store.admin.RecordAudit;
import dev.steptrail.store.admin.RecordRejectedRead;
import dev.steptrail.store.admin.RegisterAgent;
import dev.steptrail.store.admin.RemoveAgent;
import dev.steptrail.store.admin.RemoveRejected;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.query.ListRuns;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** What admins may ask for, by API Gateway's route key. */
final class AdminRoutes {
    private AdminRoutes() {}

    static Map<String, Supplier<Route>> of(Database database, BucketReader bucket) {
        return Map.of(
                "POST /api/admin/restore",
                () -> new Route.OfAdmin(Set.of(), new RestoreRoute(new RestoreArchives(database, bucket))),
                "GET /api/admin/maintenance",
                () -> new Route.OfAdmin(
                        Set.of("limit", "cursor", "kind"), new MaintenanceRoute(new ListRuns(database))),
                "GET /api/admin/agents",
                () -> new Route.OfAdmin(Set.of("limit", "cursor"), new AgentsRoute(new ListAgents(database))),
                "PUT /api/admin/agents/{sender_id}",
                () -> new Route.OfAdmin(Set.of(), new RegisterAgentRoute(new RegisterAgent(database))),
                "DELETE /api/admin/agents/{sender_id}",
                () -> new Route.OfAdmin(Set.of(), new RemoveAgentRoute(new RemoveAgent(database))),
                "GET /api/admin/unregistered-senders",
                () -> new Route.OfAdmin(
                        Set.of("limit", "cursor"), new UnregisteredSendersRoute(new ListUnregisteredSenders(database))),
                "GET /api/admin/rejected",
                () -> new Route.OfAdmin(
                        Set.of("limit", "cursor", "owner", "sender_id", "task_id"),
                        new RejectedRoute(new ListRejected(database))),
                "GET /api/admin/rejected/{id}",
                () -> new Route.OfAdmin(
                        Set.of(),
                        new RejectedMessageRoute(new FindRejected(database), new RecordRejectedRead(database))),
                "POST /api/admin/rejected/{id}/retry",
                () -> new Route.OfAdmin(
                        Set.of(),
                        new RetryRoute(
                                new FindRejected(database),
                                new Redelivery(database, bucket),
                                new RemoveRejected(database),
                                new RecordAudit(database))),
                "DELETE /api/admin/rejected/{id}",
                () -> new Route.OfAdmin(
                        Set.of(), new DiscardRoute(new FindRejected(database), new RemoveRejected(database))));
    }
}
