package dev.steptrail.operations;

import static dev.steptrail.store.TestRecords.START;
import static dev.steptrail.store.TestRecords.attachment;
import static dev.steptrail.store.TestRecords.message;
import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.aws.Settings;
import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.ingest.ReceivedMessage;
import dev.steptrail.store.model.ArchiveKeys;
import dev.steptrail.store.retention.OrphanRepository;
import dev.steptrail.store.retention.OrphanRepository.StoredObject;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class OrphanDeleterIT extends BucketTestBase {
    private final OrphanDeleter in44Days = new OrphanDeleter(OPERATIONS, objects, inDays(44));
    private final OrphanDeleter in46Days = new OrphanDeleter(OPERATIONS, objects, inDays(46));

    @Test
    void orphan_isDeletedAfter45DaysAndNotBefore() {
        String named = stored(key("a.webp"));
        String thumbnail = stored(key("a-thumbnail.webp"));
        stored(key("b.webp"));
        stored("screenshots/sender/" + UUID.randomUUID() + "/a.webp");
        stored("attachments/sender/" + task + "/a.json.gz");
        DATABASE.write(seen(1, named));
        DATABASE.execute("UPDATE step_screenshots SET thumbnail_path = '" + thumbnail + "'");

        assertThat(in44Days.run(A_MINUTE, null)).isEqualTo(progress(5, 0, 0));
        assertThat(keys()).hasSize(5);
        assertThat(in46Days.run(A_MINUTE, null)).isEqualTo(progress(5, 3, 0));
        assertThat(keys()).containsExactly(thumbnail, named);
    }

    @Test
    void referencedAttachment_isKept_alsoWhenItsTaskIsArchived() {
        String ofEnd = stored("attachments/sender/" + task + "/end");
        String ofStart = stored("attachments/sender/" + task + "/start");
        String ofStep = stored("attachments/sender/" + task + "/step");
        stored("attachments/sender/" + task + "/other");
        DATABASE.write(step(task, 1).withAttachments(List.of(attachment("model_input", ofStep))), step(task, 2));

        DATABASE.execute("UPDATE tasks SET extra_start_fields = '{\"attachments\":[{\"path\":\"" + ofStart
                + "\"}]}', extra_end_fields = '{\"attachments\":[{\"path\":\"" + ofEnd + "\"}]}'");

        assertThat(in44Days.run(A_MINUTE, null)).isEqualTo(progress(4, 0, 0));
        assertThat(in46Days.run(A_MINUTE, null)).isEqualTo(progress(4, 1, 0));
        assertThat(keys()).containsExactly(ofEnd, ofStart, ofStep);

        DATABASE.execute("DELETE FROM task_steps");
        DATABASE.execute("UPDATE tasks SET archived_status = status, status = 'archived'");
        assertThat(in46Days.run(A_MINUTE, null)).isEqualTo(progress(3, 0, 0));
        assertThat(keys()).containsExactly(ofEnd, ofStart, ofStep);
    }

    @Test
    void unrecordedPart_isDeletedAfter45Days_butNeverTheNextOneOfATask() {
        DATABASE.write(step(task, 1));
        DATABASE.execute("INSERT INTO archives (task_id, part, key, sha256, steps, screenshots, total_steps, state)"
                + " VALUES ('" + task + "', 2, '" + ArchiveKeys.of("alice", task, 2) + "', '', 1, 0, 1, 'archived')");
        stored(ArchiveKeys.of("alice", task, 1));
        String named = stored(ArchiveKeys.of("alice", task, 2));
        String next = stored(ArchiveKeys.of("alice", task, 3));
        stored(ArchiveKeys.of("an owner before", task, 3));
        stored(ArchiveKeys.of("alice", UUID.randomUUID(), 1));

        assertThat(in44Days.run(A_MINUTE, null)).isEqualTo(progress(5, 0, 0));
        assertThat(in46Days.run(A_MINUTE, null)).isEqualTo(progress(5, 3, 0));

        assertThat(keys()).containsExactly(named, next);
        DATABASE.execute("DELETE FROM archives");
    }

    @Test
    void unknownKeys_areCountedAndKept() {
        List<String> others = List.of(
                "archive/alice/notes",
                "attachments/readme",
                "exports/a",
                "screenshots/sender/" + task + "/more/a.webp",
                "screenshots/sender/camera/a.webp",
                "screenshots/sender/file");
        others.forEach(this::stored);

        assertThat(in46Days.run(A_MINUTE, null)).isEqualTo(progress(5, 0, 5));

        assertThat(keys()).isEqualTo(others);
    }

    @Test
    void objectOfADeletedTask_isDeletedAtOnce() {
        stored(key("late.webp"));
        stored("attachments/sender/" + task + "/late");
        DATABASE.write(step(task, 1));
        DATABASE.execute("UPDATE tasks SET status = 'deleted', deleted_at = now()");

        assertThat(new OrphanDeleter(OPERATIONS, objects, inDays(0)).run(A_MINUTE, null))
                .isEqualTo(progress(2, 2, 0));
    }

    @Test
    void objectThatARejectedMessageMayReference_isKept() {
        String ofRejected = stored(key("a.webp"));
        UUID strange = UUID.randomUUID();
        String ofStranger = stored("screenshots/stranger/" + strange + "/a.webp");
        String ofNobodyKnows = stored("screenshots/unreadable/" + UUID.randomUUID() + "/a.webp");
        stored("screenshots/stranger/" + UUID.randomUUID() + "/a.webp");
        stored("screenshots/sender/" + UUID.randomUUID() + "/a.webp");
        String ofAnotherSession = stored("screenshots/other/" + task + "/a.webp");
        DATABASE.write(step(task, 1), step(task, 1, "another"));
        DATABASE.write(
                message("stranger", step(strange, 1)),
                new ReceivedMessage(
                        "unreadable", new MessageBody("no JSON", null), List.of(), "the message is not valid JSON"));

        assertThat(in46Days.run(A_MINUTE, null)).isEqualTo(progress(6, 2, 0));

        assertThat(keys()).containsExactlyInAnyOrder(ofRejected, ofAnotherSession, ofStranger, ofNobodyKnows);
    }

    @Test
    void objectThatARejectedMessageOfAnotherSessionMayReference_isKept() {
        DATABASE.register("AROA", "alice");
        String named = stored("screenshots/AROA:one/" + task + "/a.webp");
        DATABASE.write(step(task, 1));
        DATABASE.write(message("AROA:two", seen(1, named)));

        assertThat(in46Days.run(A_MINUTE, null)).isEqualTo(progress(1, 0, 0));
    }

    @Test
    void thousandOrphans_areFoundFast_withManyRejectedMessagesOfTheirSender() {
        DATABASE.execute("INSERT INTO rejected_messages (sender_id, task_id, reason, body, fingerprint)"
                + " SELECT 'loop', gen_random_uuid(), 'conflict', 'x', decode(md5(n::text), 'hex')"
                + " FROM generate_series(1, 50000) AS n");
        List<StoredObject> page = IntStream.range(0, 1000)
                .mapToObj(n -> UuidV7.at(START))
                .map(id -> new StoredObject("screenshots/loop/" + id + "/x.webp", "loop", id, true))
                .toList();

        long start = System.nanoTime();
        assertThat(new OrphanRepository(OPERATIONS).findScreenshots(page)).hasSize(1000);
        long taken = (System.nanoTime() - start) / 1_000_000;
        assertThat(taken).isLessThan(1000);
    }

    @Test
    void run_outOfTime_leavesTheRestForTheNextRun() {
        stored("attachments/sender/" + task + "/a");
        List<String> stored =
                Stream.of("a", "b", "c").map(this::key).map(this::stored).toList();
        OrphanDeleter inPagesOfTwo = new OrphanDeleter(OPERATIONS, objects, inDays(46), 2);
        Deque<Duration> forTheFirstPages = new ArrayDeque<>(Collections.nCopies(3, Duration.ZERO));

        Progress none = inPagesOfTwo.run(NO_TIME, null);
        Progress firstRun = inPagesOfTwo.run(
                () -> forTheFirstPages.isEmpty() ? NO_TIME.get() : forTheFirstPages.pop(), none.resumeAt());

        assertThat(none.outcome()).isEqualTo("timed_out");
        assertThat(firstRun).isEqualTo(new Progress(progress(3, 3, 0).counts(), stored.get(1)));
        assertThat(keys()).containsExactly(stored.get(2));
        assertThat(inPagesOfTwo.run(A_MINUTE, firstRun.resumeAt())).isEqualTo(progress(1, 1, 0));
    }

    private static Progress progress(long listed, long deleted, long unknown) {
        return new Progress(
                Map.of("listed_objects", listed, "deleted_objects", deleted, "unknown_keys", unknown, "failed", 0L),
                null);
    }

    @Test
    void orphanThatCannotBeDeleted_doesNotBlockOthers() throws Exception {
        try (LockedObjectServer s3 = new LockedObjectServer();
                BucketClient locked =
                        new BucketClient(new Settings(bucket.settings("AWS_ENDPOINT_URL_S3", s3.url())))) {
            s3.keys.addAll(List.of(key("a.webp"), key("locked.webp"), key("z.webp")));

            Progress progress = new OrphanDeleter(OPERATIONS, locked, Clock.systemUTC()).run(A_MINUTE, null);

            assertThat(progress.outcome()).isEqualTo("partly_failed");
            assertThat(progress.counts()).containsEntry("deleted_objects", 2L).containsEntry("failed", 1L);
            assertThat(progress.failures()).containsExactly("1 failed with AccessDenied (first: an object)");
            assertThat(s3.keys).containsExactly(key("locked.webp"));
        }
    }
}
