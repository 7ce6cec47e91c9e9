package dev.steptrail.store.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.model.ArchiveKeys;
import dev.steptrail.store.retention.ObjectDeletionQueue.Entry;
import dev.steptrail.store.retention.ObjectDeletionQueue.QueuedDeletion;
import dev.steptrail.store.roles.FunctionLogin;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;

/** Tests which keys the queue accepts, by its constraint and by {@link QueuedDeletion#isDeletable}. */
@Tag("slow")
class ObjectDeletionQueueIT {
    private static final TestDatabase DATABASE = TestDatabase.migrated();
    private static final Database API = DATABASE.database(FunctionLogin.API);
    private static final String TASK = "019b1ed6-ce02-7a41-b1c5-2f8a90d3e671";

    /** The expression of the constraint, such as {@code (CASE … END)}. */
    private static final String CONSTRAINT = DATABASE.value(
                    "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'objects_to_delete_key'")
            .substring("CHECK ".length());

    @Example
    void prefixOfSeveralTasks_isRefused() {
        List<String> prefixes = List.of(
                "",
                "/",
                "screenshots/",
                "archive/",
                "attachments/",
                "exports/",
                "exports/alice/",
                "archive/alice/",
                "screenshots/AIDAALICE/",
                "screenshots/AIDAALICE/" + TASK,
                "screenshots//" + TASK + "/",
                "screenshots/" + TASK + "/",
                "releases/AIDAALICE/" + TASK + "/");
        for (String prefix : prefixes) {
            assertThatThrownBy(() -> add(new Entry(prefix, true))).as(prefix).hasMessageContaining("SQLSTATE 23514");
            assertThat(queued(prefix, true).isDeletable()).as(prefix).isFalse();
        }
        assertThatThrownBy(() -> add(new Entry("screenshots/AIDAALICE/" + TASK + "/", false)))
                .hasMessageContaining("SQLSTATE 23514");
        assertThat(DATABASE.count("objects_to_delete")).isZero();
    }

    @Property(tries = 300)
    void keyOfATask_isAccepted(
            @ForAll("names") String sender, @ForAll("names") String owner, @ForAll long id, @ForAll boolean second) {
        UUID task = new UUID(id, ~id);
        String archive = ArchiveKeys.of(owner, task, second ? 2 : 1);
        List<Entry> entries = List.of(
                new Entry("screenshots/" + sender + "/" + task + "/", true),
                new Entry("attachments/" + sender + "/" + task + "/", true),
                new Entry("screenshots/" + sender + "/" + task + "/a b.webp", false),
                new Entry(archive, second),
                new Entry(ArchiveKeys.prefix(owner, task), true),
                new Entry("exports/" + ArchiveKeys.folder(owner) + "/" + task, true),
                new Entry("exports/" + ArchiveKeys.folder(owner) + "/tasks.", true),
                new Entry("exports/tasks.", true));

        assertThat(add(entries.toArray(Entry[]::new))).isTrue();

        assertThat(entries)
                .allMatch(entry -> queued(entry.key(), entry.isPrefix()).isDeletable());
    }

    @Property(tries = 500)
    void constraintAndCheck_acceptTheSameKeys(@ForAll("similarKeys") String key, @ForAll boolean isPrefix) {
        String accepted = DATABASE.value("SELECT " + CONSTRAINT + " FROM (VALUES ('" + key + "'::text, " + isPrefix
                + ")) AS entry (key, is_prefix)");

        assertThat(queued(key, isPrefix).isDeletable()).as(key).isEqualTo(accepted.equals("t"));
    }

    /** Names of owners and senders. */
    @Provide
    Arbitrary<String> names() {
        return Arbitraries.strings()
                .alpha()
                .numeric()
                .withChars(":@=,.+-_/%* '\\\u4e2d")
                .ofMinLength(1)
                .ofMaxLength(256);
    }

    /** Strings that consist of parts of keys. */
    @Provide
    Arbitrary<String> similarKeys() {
        Arbitrary<String> start = Arbitraries.of("screenshots/", "attachments/", "archive/", "exports/", "other/", "");
        Arbitrary<String> parts = Arbitraries.of(
                        "a", "/", TASK, TASK + "/", "a/", "tasks.", ".2", ".jsonl.gz", "\n", "%")
                .list()
                .ofMaxSize(5)
                .map(list -> String.join("", list));
        return Combinators.combine(start, parts).as(String::concat);
    }

    private static QueuedDeletion queued(String key, boolean isPrefix) {
        return new QueuedDeletion(key, isPrefix, Instant.EPOCH);
    }

    /** Adds entries as the API does, and rolls back. */
    private static boolean add(Entry... entries) {
        return API.inTransaction(session -> {
            ObjectDeletionQueue.add(session, List.of(entries));
            session.rollback();
            return true;
        });
    }
}
