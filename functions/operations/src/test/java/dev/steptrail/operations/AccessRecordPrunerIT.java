package dev.steptrail.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.roles.FunctionLogin;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class AccessRecordPrunerIT {
    private static final Duration RETENTION = Duration.ofDays(100);
    private static final Duration A_SECOND = Duration.ofSeconds(1);

    private final TestDatabase database = TestDatabase.migrated();
    private final Database connection = database.database(FunctionLogin.OPERATIONS);

    @Test
    void recordsOfAccess_areDeletedOnceTheirRetentionIsOver_wholeMonthsAsPartitions() {
        for (int age : List.of(1, 99, 101, 300)) {
            entry(age);
        }
        entriesOf2019(1);
        links(-1, 99, 101);
        run(Duration.ZERO);
        assertThat(database.count("audit_log")).as("retention of zero").isEqualTo(5);

        Progress progress = run(RETENTION);

        assertThat(progress.resumeAt()).isNull();
        assertThat(database.column("SELECT extract(day FROM now() - at) FROM audit_log ORDER BY 1"))
                .containsExactly("1", "99");
        LocalDate past = LocalDate.now(ZoneOffset.UTC).minusDays(300);
        assertThat(database.value(
                        "SELECT to_regclass('audit_log_%d_%02d')".formatted(past.getYear(), past.getMonthValue())))
                .isNull();
        assertThat(progress.counts().get("dropped_months")).isPositive();
        assertThat(progress.counts()).containsEntry("deleted_share_links", 1L);
        assertThat(database.column("SELECT created_by FROM share_links ORDER BY id"))
                .containsExactly("-1", "99");
        assertThat(run(RETENTION).counts())
                .containsEntry("dropped_months", 0L)
                .containsEntry("deleted_entries", 0L)
                .containsEntry("deleted_share_links", 0L);
    }

    @Test
    void lockedMonth_isLeftForTheNextRun() {
        entry(300);
        try (Database reader = database.database()) {
            reader.inTransaction(session -> {
                session.execute("LOCK TABLE audit_log IN ACCESS SHARE MODE");
                assertThat(run(RETENTION).resumeAt()).startsWith("audit_log_");
                return null;
            });
        }

        assertThat(run(RETENTION).resumeAt()).isNull();
        assertThat(database.column("SELECT at FROM audit_log")).isEmpty();
    }

    @Test
    void entriesThenShareLinks_areDeletedInBatches_untilTimeRunsOut_andTheNextRunDeletesTheRest() {
        entriesOf2019(5);
        links(101);
        AccessRecordPruner job = new AccessRecordPruner(connection, RETENTION, 2);

        for (int enough : List.of(4, 1)) {
            Progress progress = job.run(() -> hasAtLeast(enough) ? Duration.ofMinutes(1) : Duration.ZERO, null);

            assertThat(progress.outcome()).isEqualTo("timed_out");
            assertThat(progress.counts())
                    .containsEntry("deleted_entries", enough == 4 ? 2L : 3L)
                    .containsEntry("deleted_share_links", 0L);
        }
        Progress last = job.run(() -> Duration.ofMinutes(1), null);
        assertThat(last.outcome()).isEqualTo("done");
        assertThat(last.counts()).containsEntry("deleted_entries", 0L).containsEntry("deleted_share_links", 1L);
    }

    @Test
    void statementThatTimesOut_leavesItsBatch_andTheRunDoesNotFail() {
        entriesOf2019(1);
        links(101, 102);
        try (Database other = database.database()) {
            other.inTransaction(session -> {
                assertThat(session.sql("SELECT id FROM share_links WHERE created_by = '102' FOR UPDATE")
                                .hasRows())
                        .isTrue();
                // The first call is for the entries.
                var times = Stream.concat(Stream.of(Duration.ofMinutes(1)), Stream.generate(() -> A_SECOND))
                        .iterator();
                Progress progress = new AccessRecordPruner(connection, RETENTION, 10).run(times::next, null);
                assertThat(progress.outcome()).isEqualTo("timed_out");
                assertThat(progress.counts())
                        .containsEntry("deleted_entries", 1L)
                        .containsEntry("deleted_share_links", 0L);
                return null;
            });
        }

        assertThat(run(RETENTION).counts()).containsEntry("deleted_share_links", 2L);
    }

    private Progress run(Duration retention) {
        return new AccessRecordPruner(connection, retention).run(() -> Duration.ofMinutes(1), null);
    }

    private boolean hasAtLeast(int entries) {
        return database.count("audit_log") >= entries;
    }

    /** Inserts entries into the DEFAULT partition, which is never dropped. */
    private void entriesOf2019(int count) {
        database.execute("INSERT INTO audit_log (at, caller, action) SELECT '2019-05-01', 'ann', 'read_steps'"
                + " FROM generate_series(1, " + count + ")");
    }

    /** @param ages days since the links expired */
    private void links(Integer... ages) {
        database.execute("""
                INSERT INTO tasks (task_id, owner, started_at)
                VALUES ('f47ac10b-58cc-4372-a567-0e02b2c3d479', 'ann', now());
                INSERT INTO share_links (task_id, token_hash, created_by, expires_at)
                SELECT 'f47ac10b-58cc-4372-a567-0e02b2c3d479', sha256(age::text::bytea), age, now() - age * interval '1 day'
                  FROM unnest(ARRAY%s) AS age
                """.formatted(List.of(ages)));
    }

    private void entry(int age) {
        database.execute("INSERT INTO audit_log (at, caller, action) VALUES (now() - interval '" + age
                + " days', 'ann', 'read_steps')");
    }
}
