package dev.steptrail.store.admin;

import static dev.steptrail.store.TestRecords.message;
import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.TestRecords;
import dev.steptrail.store.admin.ShareRepository.Contents;
import dev.steptrail.store.admin.ShareRepository.ShareLink;
import dev.steptrail.store.ingest.DatabaseStepWriter;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.model.Agent;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.model.TaskLocks;
import dev.steptrail.store.query.TaskRepository;
import dev.steptrail.store.roles.FunctionLogin;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The limit of links per task, the owner check, and links of a task whose owner changes. */
class ShareRepositoryIT {
    private static final Contents NOTHING = new Contents(false, false, false, false);

    private static final TestDatabase DATABASE = TestDatabase.migrated();
    private static final String WAITING =
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";

    private final UUID task = UuidV7.at(TestRecords.START);

    @BeforeEach
    void write() {
        try (Database database = DATABASE.database()) {
            new AgentRepository(database).register(new Agent("AIDAALICE", "alice", List.of()));
            new DatabaseStepWriter(database).write(List.of(message("AIDAALICE", started(task))));
        }
    }

    @Test
    void twoLinksCreatedConcurrently_secondSeesTheFirst() throws Exception {
        DATABASE.execute(
                "INSERT INTO share_links (task_id, token_hash, created_by, expires_at, include_sensitive) SELECT '"
                        + task
                        + "', sha256(n::text::bytea), 'alice', now() + interval '1 day', false FROM generate_series(1, "
                        + (ShareRepository.MAX_LINKS - 1) + ") AS n");

        CompletableFuture<Optional<ShareLink>> second;
        try (Database database = DATABASE.database()) {
            second = database.inTransaction(session -> {
                TaskLocks.lockTask(session, task);
                CompletableFuture<Optional<ShareLink>> waiting = CompletableFuture.supplyAsync(() -> make(2));
                while (DATABASE.value(WAITING).equals("0")) {
                    Thread.onSpinWait();
                }
                try (var first = session.connection()
                        .prepareStatement(
                                "INSERT INTO share_links (task_id, token_hash, created_by, expires_at, include_sensitive)"
                                        + " VALUES (?, sha256('first'), 'alice', now() + interval '1 day', false)")) {
                    first.setObject(1, task);
                    first.execute();
                }
                return waiting;
            });
        }

        assertThat(second.get(20, TimeUnit.SECONDS)).isEmpty();
    }

    @Test
    void task_isFoundOnlyForItsOwner() {
        try (Database database = DATABASE.database()) {
            TaskRepository tasks = new TaskRepository(database);

            assertThat(tasks.findOwned(task, "alice"))
                    .isEqualTo(tasks.find(task))
                    .isPresent();
            assertThat(tasks.findOwned(task, "bob")).isEmpty();
        }
    }

    @Test
    void taskWithANewOwner_losesTheLinksOfTheOldOne() {
        UUID given = UuidV7.at(TestRecords.START);
        UUID kept = UuidV7.at(TestRecords.START);
        try (Database database = DATABASE.database();
                Database ingest = DATABASE.database(FunctionLogin.INGEST)) {
            new AgentRepository(database).register(new Agent("AIDAPROXY", "proxy", List.of("bob")));
            DatabaseStepWriter writer = new DatabaseStepWriter(ingest);
            writer.write(List.of(message("AIDAPROXY", step(given, 1), step(kept, 1))));
            Task before = find(database, given);
            assertThat(share(database, before, 10)).isPresent();
            assertThat(share(database, find(database, kept), 11)).isPresent();

            writer.write(List.of(message("AIDAPROXY", started(given, "bob"), step(kept, 2))));

            ShareRepository shares = new ShareRepository(database);
            assertThat(find(database, given).owner()).isEqualTo("bob");
            assertThat(shares.findSharedTask(new byte[] {10})).isEmpty();
            assertThat(shares.page(given, null, 10).items())
                    .singleElement()
                    .satisfies(link -> assertThat(link.revokedAt()).isNotNull());
            assertThat(shares.findSharedTask(new byte[] {11})).isPresent();
            assertThat(share(database, before, 12)).isEmpty();
            assertThat(share(database, find(database, given), 13)).isPresent();
        }
    }

    private static Task find(Database database, UUID id) {
        return new TaskRepository(database).find(id).orElseThrow();
    }

    private static Optional<ShareLink> share(Database database, Task task, int number) {
        return new ShareRepository(database)
                .create(task, new byte[] {(byte) number}, "alice", Duration.ofDays(1), NOTHING);
    }

    private Optional<ShareLink> make(int number) {
        try (Database database = DATABASE.database()) {
            return share(database, find(database, task), number);
        }
    }
}
