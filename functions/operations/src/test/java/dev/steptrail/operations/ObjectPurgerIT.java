package dev.steptrail.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.aws.Settings;
import dev.steptrail.store.retention.TaskDeletion;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkException;

@Tag("slow")
class ObjectPurgerIT extends BucketTestBase {
    private final String a = folder("a");
    private final String b = folder("b");
    private final String c = folder("c");
    private final ObjectPurger job = new ObjectPurger(OPERATIONS, objects);

    @BeforeEach
    void clearQueue() {
        DATABASE.execute("DELETE FROM objects_to_delete");
    }

    @Test
    void keysAndPrefixes_areDeleted_andNothingElse() {
        String other = "screenshots/b/" + task + "2"; // starts like the prefix, except for its slash
        List.of(a + "1", a + "2", b + "1", b + "2/3", other).forEach(key -> bucket.put(key, new byte[1]));
        toDelete(a + "1", false);
        toDelete(a + "gone", false);
        toDelete(b, true);
        toDelete("attachments/empty/" + task + "/", true);

        Progress progress = job.run(A_MINUTE, null);

        assertThat(progress).isEqualTo(progress(3, null));
        assertThat(keys()).containsExactly(a + "2", other);
        assertThat(left()).isEmpty();
        assertThat(job.run(A_MINUTE, null)).isEqualTo(progress(0, null));
    }

    @Test
    void objectStoredAgain_isKept() {
        DATABASE.execute("INSERT INTO objects_to_delete (key) VALUES ('" + a + "1')");
        bucket.put(a + "1", new byte[1]);

        assertThat(job.run(A_MINUTE, null)).isEqualTo(progress(0, null));

        assertThat(keys()).containsExactly(a + "1");
        assertThat(left()).isEmpty();
    }

    @Test
    void deletedTask_leavesNoObjects_andOtherTasksKeepTheirs() {
        DATABASE.write(seen(1, stored(key("named.webp"))));
        stored(key("unnamed.webp"));
        stored("attachments/sender/" + task + "/fetched.json.gz");
        stored("archive/alice/" + task + ".jsonl.gz");
        List<String> others = List.of(
                stored("archive/alice/" + UUID.randomUUID() + ".jsonl.gz"),
                stored("screenshots/sender/" + UUID.randomUUID() + "/a.webp"),
                stored("screenshots/sender2/" + task + "/a.webp"));

        new TaskDeletion(OPERATIONS).delete(task, "alice");
        job.run(A_MINUTE, null);

        assertThat(keys()).containsExactlyInAnyOrderElementsOf(others);
        assertThat(left()).isEmpty();
    }

    @Test
    void moreThanAChunk_isDeletedInOneRun() {
        bucket.put(a + "1", new byte[1]);
        bucket.put(a + "2499", new byte[1]);
        DATABASE.execute(
                "INSERT INTO objects_to_delete (key) SELECT '" + a + "' || n FROM generate_series(1, 2500) AS n");

        DATABASE.execute("UPDATE objects_to_delete SET added_at = added_at + interval '2 minutes'");

        assertThat(job.run(A_MINUTE, null).counts()).isEqualTo(Map.of("deleted_objects", 2L, "failed", 0L));

        assertThat(keys()).isEmpty();
        assertThat(left()).isEmpty();
    }

    @Test
    void run_outOfTime_leavesTheRestForTheNextRun() {
        IntStream.range(0, 3).forEach(number -> bucket.put(b + number, new byte[1]));
        toDelete(b, true);

        assertThat(job.run(NO_TIME, null)).isEqualTo(progress(0, b));
        Deque<Duration> untilTheSecond = new ArrayDeque<>(List.of(Duration.ZERO, Duration.ZERO));
        Progress firstRun = job.run(() -> untilTheSecond.isEmpty() ? NO_TIME.get() : untilTheSecond.pop(), null);

        assertThat(firstRun).isEqualTo(progress(1, b));
        assertThat(keys()).containsExactly(b + "1", b + "2");
        assertThat(left()).containsExactly(b);
        assertThat(job.run(A_MINUTE, firstRun.resumeAt()).counts())
                .isEqualTo(Map.of("deleted_objects", 2L, "failed", 0L));
        assertThat(left()).isEmpty();
    }

    @Test
    void unavailableBucket_keepsTheQueue() {
        toDelete(a + "1", false);
        Map<String, String> wrong = bucket.settings("AWS_SECRET_ACCESS_KEY", "wrong");

        try (BucketClient refused = new BucketClient(new Settings(wrong))) {
            ObjectPurger purge = new ObjectPurger(OPERATIONS, refused);
            assertThatThrownBy(() -> purge.run(A_MINUTE, null)).isInstanceOf(SdkException.class);
        }

        assertThat(left()).containsExactly(a + "1");
    }

    @Test
    void objectThatCannotBeDeleted_doesNotBlockOthers_andIsRetried() throws Exception {
        DATABASE.execute(
                "INSERT INTO objects_to_delete (key) SELECT '" + a + "locked' || n FROM generate_series(1, 1000) AS n");
        toDelete(b, true);
        toDelete(c + "1", false);
        try (LockedObjectServer s3 = new LockedObjectServer();
                BucketClient locked =
                        new BucketClient(new Settings(bucket.settings("AWS_ENDPOINT_URL_S3", s3.url())))) {
            IntStream.rangeClosed(1, 1000).forEach(n -> s3.keys.add(a + "locked" + n));
            s3.keys.addAll(List.of(b + "1", b + "locked", c + "1"));

            Progress progress = new ObjectPurger(OPERATIONS, locked).run(A_MINUTE, null);

            assertThat(progress.outcome()).isEqualTo("partly_failed");
            assertThat(progress.counts()).isEqualTo(Map.of("deleted_objects", 2L, "failed", 1001L));
            assertThat(progress.failures()).containsExactly("1001 failed with AccessDenied (first: an object)");
            assertThat(s3.keys).hasSize(1001).doesNotContain(b + "1", c + "1");
        }
        assertThat(left()).hasSize(1001).contains(a + "locked1", b).doesNotContain(c + "1");
    }

    private static Progress progress(long deleted, @Nullable String resumeAt) {
        return new Progress(Map.of("deleted_objects", deleted, "failed", 0L), resumeAt);
    }

    private String folder(String sender) {
        return "screenshots/" + sender + "/" + task + "/";
    }

    @Test
    void entryThatIsNoPrefixOfATask_deletesNothing_andRemainsAsFailed() {
        List<String> stored = List.of("archive/alice/" + task + ".jsonl.gz", a + "1", a + "2", b + "1");
        stored.forEach(this::stored);
        List<String> invalid = List.of("archive/", "attachments/", "screenshots/", "screenshots/a/");
        String constraint = DATABASE.value(
                "SELECT pg_get_constraintdef(oid) FROM pg_constraint" + " WHERE conname = 'objects_to_delete_key'");
        DATABASE.execute("ALTER TABLE objects_to_delete DROP CONSTRAINT objects_to_delete_key");
        try {
            invalid.forEach(key -> toDelete(key, true));
            toDelete(a + "1", false);
            toDelete(b, true);

            Progress progress = job.run(A_MINUTE, null);

            assertThat(progress.counts()).isEqualTo(Map.of("deleted_objects", 2L, "failed", 4L));
            assertThat(progress.failures())
                    .containsExactly("4 failed with invalid key in objects_to_delete (first: an entry)");
            assertThat(progress.outcome()).isEqualTo("partly_failed");
            assertThat(keys()).containsExactly("archive/alice/" + task + ".jsonl.gz", a + "2");
            assertThat(left()).containsExactlyInAnyOrderElementsOf(invalid);
        } finally {
            clearQueue();
            DATABASE.execute("ALTER TABLE objects_to_delete ADD CONSTRAINT objects_to_delete_key " + constraint);
        }
    }

    private static List<String> left() {
        return DATABASE.column("SELECT key FROM objects_to_delete ORDER BY key");
    }

    private static void toDelete(String key, boolean isPrefix) {
        DATABASE.execute("INSERT INTO objects_to_delete (key, is_prefix, added_at) VALUES ('" + key + "', " + isPrefix
                + ", now() + interval '2 minutes')"); // long after the object was stored
    }
}
