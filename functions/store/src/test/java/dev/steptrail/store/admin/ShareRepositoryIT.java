package dev.steptrail.store.admin;

import static dev.steptrail.store.TestRecords.START;
import static dev.steptrail.store.TestRecords.message;
import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.admin.ShareRepository.Contents;
import dev.steptrail.store.admin.ShareRepository.ShareLink;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.model.TaskLocks;
import dev.steptrail.store.query.TaskRepository;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The limit of links per task, the owner check, and links of a task whose owner changes. */
class ShareRepositoryIT {
    private static final Contents NOTHING = new Contents(false, false, false, false);

    private static final TestDatabase DATABASE = TestDatabase.migrated().register("sender", "alice");
    private static final Database CONNECTION = DATABASE.database();
    private static final ShareRepository SHARES = new ShareRepository(CONNECTION);

    private final UUID task = UuidV7.at(START);

    @Test
    void twoLinksCreatedConcurrently_secondSeesTheFirst() throws Exception {
        DATABASE.write(started(task));
        DATABASE.execute(links(1, ShareRepository.MAX_LINKS - 1));
        Task shared = find(task);

        Optional<ShareLink> second = DATABASE.callDuring(
                session -> {
                    TaskLocks.lockTask(session, task);
                    session.execute(links(ShareRepository.MAX_LINKS, ShareRepository.MAX_LINKS));
                    return true;
                },
                () -> share(shared, 2),
                () -> {});

        assertThat(second).isEmpty();
    }

    private String links(int first, int last) {
        return "INSERT INTO share_links (task_id, token_hash, created_by, expires_at, include_sensitive) SELECT '"
                + task + "', sha256(n::text::bytea), 'alice', now() + interval '1 day', false FROM generate_series("
                + first + ", " + last + ") AS n";
    }

    @Test
    void taskWithANewOwner_losesTheLinksOfTheOldOne() {
        DATABASE.register("AIDAPROXY", "proxy", "bob");
        UUID kept = UuidV7.at(START);
        DATABASE.write(message("AIDAPROXY", step(task, 1), step(kept, 1)));
        Task before = find(task);
        assertThat(share(before, 10)).isPresent();
        assertThat(share(find(kept), 11)).isPresent();

        DATABASE.write(message("AIDAPROXY", started(task, "bob"), step(kept, 2)));

        assertThat(find(task).owner()).isEqualTo("bob");
        assertThat(SHARES.findSharedTask(new byte[] {10})).isEmpty();
        assertThat(SHARES.page(task, null, 10).items()).singleElement().satisfies(link -> assertThat(link.revokedAt())
                .isNotNull());
        assertThat(SHARES.findSharedTask(new byte[] {11})).isPresent();
        assertThat(share(before, 12)).isEmpty();
        assertThat(share(find(task), 13)).isPresent();
    }

    private static Task find(UUID id) {
        return new TaskRepository(CONNECTION).find(id).orElseThrow();
    }

    private static Optional<ShareLink> share(Task task, int number) {
        return SHARES.create(task, new byte[] {(byte) number}, "alice", Duration.ofDays(1), NOTHING);
    }
}
