package dev.steptrail.api;

import dev.steptrail.archive.RestoreArchives;
import dev.steptrail.aws.BucketReader;
import dev.steptrail.ingest.Redelivery;
import dev.steptrail.store.admin.AgentRepository;
import dev.steptrail.store.admin.AuditLog;
import dev.steptrail.store.admin.RejectedRepository;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.retention.MaintenanceRuns;
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
                        Set.of("limit", "cursor", "kind"), new MaintenanceRoute(new MaintenanceRuns(database))),
                "GET /api/admin/agents",
                () -> new Route.OfAdmin(Set.of("limit", "cursor"), new AgentsRoute(new AgentRepository(database))),
                "PUT /api/admin/agents/{sender_id}",
                () -> new Route.OfAdmin(Set.of(), new RegisterAgentRoute(new AgentRepository(database))),
                "DELETE /api/admin/agents/{sender_id}",
                () -> new Route.OfAdmin(Set.of(), new RemoveAgentRoute(new AgentRepository(database))),
                "GET /api/admin/unregistered-senders",
                () -> new Route.OfAdmin(
                        Set.of("limit", "cursor"), new UnregisteredSendersRoute(new AgentRepository(database))),
                "GET /api/admin/rejected",
                () -> new Route.OfAdmin(
                        Set.of("limit", "cursor", "owner", "sender_id", "task_id"),
                        new RejectedRoute(new RejectedRepository(database))),
                "GET /api/admin/rejected/{id}",
                () -> new Route.OfAdmin(
                        Set.of(), new RejectedMessageRoute(new RejectedRepository(database), new AuditLog(database))),
                "POST /api/admin/rejected/{id}/retry",
                () -> new Route.OfAdmin(
                        Set.of(),
                        new RetryRoute(
                                new RejectedRepository(database),
                                new Redelivery(database, bucket),
                                new AuditLog(database))),
                "DELETE /api/admin/rejected/{id}",
                () -> new Route.OfAdmin(Set.of(), new DiscardRoute(new RejectedRepository(database))));
    }
}
