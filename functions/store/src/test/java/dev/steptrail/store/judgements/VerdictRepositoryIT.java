package dev.steptrail.store.judgements;

import static dev.steptrail.store.TestRecords.START;
import static dev.steptrail.store.TestRecords.ended;
import static dev.steptrail.store.TestRecords.started;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.stepformat.Verdict;
import dev.steptrail.stepformat.VerdictValue.Label;
import dev.steptrail.stepformat.VerdictValue.Score;
import dev.steptrail.store.judgements.VerdictRepository.NewVerdict;
import dev.steptrail.store.judgements.VerdictRepository.StoredVerdict;
import dev.steptrail.store.retention.TaskDeletion;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Verdicts set with the login of the API, together with those that ingest writes. */
class VerdictRepositoryIT extends VerdictTestBase {
    private final UUID task = UuidV7.at(START);

    private String column(String expression) {
        return column(task, expression);
    }

    @Test
    void secondVerdictOfAJudge_replacesTheFirst_andHasALaterTime() {
        Verdict sent = sent(task, Instant.parse("9999-12-31T23:59:59.999999Z"), "judge", Label.PASS);
        write(started(task), sent);
        Instant first = VERDICTS.page(task, null, 10).items().get(0).judgedAt();

        StoredVerdict replaced =
                VERDICTS.set(task, automatic("judge", Label.FAIL), "alice").orElseThrow();
        write(sent);

        assertThat(replaced.judgedAt()).isAfter(first).isBeforeOrEqualTo(Instant.now());
        assertThat(VERDICTS.page(task, null, 10).items()).containsExactly(replaced);
        assertThat(column(RESULT)).isEqualTo("fail automatic - false");
    }

    @Test
    void laterMessage_replacesTheVerdictOfACaller_andItsAuthor() {
        write(started(task));
        VERDICTS.set(task, automatic("judge", Label.PASS), "alice");

        write(sent(task, Instant.parse("2999-01-01T00:00:00Z"), "judge", Label.FAIL));

        StoredVerdict replaced = VERDICTS.page(task, null, 10).items().get(0);
        assertThat(replaced.value()).isEqualTo("fail");
        assertThat(replaced.author()).isNull();
    }

    @Test
    void verdictWithAFutureTime_isReplacedByLaterOnes_andItsCopiesChangeNothing() throws InterruptedException {
        Instant future = Instant.now().plusSeconds(2 * 86_400);
        Verdict ahead = sent(task, future, "old", Label.FAIL);
        write(started(task), ahead);
        assertThat(column(RESULT)).isEqualTo("fail automatic - false");

        write(sent(task, Instant.now(), "new", Label.PASS));
        write(ahead, sent(task, future.minusSeconds(1), "old", Label.UNCLEAR));
        assertThat(column(RESULT)).isEqualTo("pass automatic - true");

        write(sent(task, Instant.now(), "old", Label.UNCLEAR));
        write(ahead);
        assertThat(column(RESULT)).isEqualTo("unclear automatic - -");

        write(sent(task, future.plusSeconds(1), "old", Label.PASS));
        assertThat(column(RESULT)).isEqualTo("pass automatic - true");
    }

    /** The clock of the evaluator was two seconds ahead. */
    @Test
    void copyOfAVerdictWithAFutureTime_changesNothing_whenThatTimeHasPassed() throws InterruptedException {
        Verdict ahead = sent(task, Instant.now().plusSeconds(2), "judge", Label.FAIL);
        write(started(task), ahead);
        write(sent(task, Instant.now(), "judge", Label.PASS));

        Thread.sleep(2_500);
        write(ahead);

        assertThat(column(RESULT)).isEqualTo("pass automatic - true");
        write(sent(task, Instant.now(), "judge", Label.UNCLEAR));
        assertThat(column(RESULT)).isEqualTo("unclear automatic - -");
    }

    @Test
    void lateCopyOfADeletedVerdict_doesNotRestoreIt_butALaterOneDoes() {
        write(started(task), sent(task, START, "judge", Label.PASS));
        long id = VERDICTS.page(task, null, 10).items().get(0).id();

        VERDICTS.delete(task, id, "alice");
        write(sent(task, START, "judge", Label.PASS));
        assertThat(column(RESULT)).isEqualTo("- - - -");
        assertThat(VERDICTS.page(task, null, 10).items()).isEmpty();

        write(sent(task, START.plusSeconds(1), "judge", Label.FAIL));
        assertThat(column(RESULT)).isEqualTo("fail automatic - false");
    }

    @Test
    void scoresAndOtherNames_doNotChangeSuccess() {
        write(started(task), ended(task, TaskStatus.FAILED, 0));

        VERDICTS.set(task, new NewVerdict("polite", Label.PASS, null, null, null), "alice");
        StoredVerdict score = VERDICTS.set(
                        task, new NewVerdict("efficiency", new Score(0.123456789), null, null, "slow"), "alice")
                .orElseThrow();

        assertThat(score.score()).isEqualTo(0.123456789);
        assertThat(score.value()).isNull();
        assertThat(column(RESULT)).isEqualTo("- - false false");
    }

    @Test
    void everyChange_increasesTheRevision_andIsAudited() {
        write(started(task));
        long before = Long.parseLong(column("revision"));

        StoredVerdict verdict = VERDICTS.set(task, human(Label.PASS), "alice").orElseThrow();
        long afterSet = Long.parseLong(column("revision"));
        VERDICTS.delete(task, verdict.id(), "root");

        assertThat(afterSet).isGreaterThan(before);
        assertThat(Long.parseLong(column("revision"))).isGreaterThan(afterSet);
        assertThat(DATABASE.column(
                        "SELECT concat_ws(' ', caller, action, task_owner, detail ->> 'name', detail ->> 'value')"
                                + " FROM audit_log WHERE task_id = '" + task + "' ORDER BY at, id"))
                .containsExactly("alice set_verdict alice success pass", "root delete_verdict alice success pass");
    }

    @Test
    void archivedTask_keepsItsVerdicts_andAcceptsNewOnes() {
        write(started(task), ended(task, TaskStatus.SUCCEEDED, 0));
        VERDICTS.set(task, human(Label.FAIL), "alice");
        DATABASE.execute(
                "UPDATE tasks SET status = 'archived', archived_status = status WHERE task_id = '" + task + "'");
        assertThat(column(RESULT)).isEqualTo("fail human true false");

        VERDICTS.set(task, human(Label.PASS), "alice");

        assertThat(column(RESULT)).isEqualTo("pass human true true");
    }

    @Test
    void deletedTask_hasNoVerdicts_andAcceptsNone() {
        write(started(task));
        StoredVerdict verdict = VERDICTS.set(task, human(Label.PASS), "alice").orElseThrow();

        new TaskDeletion(API).delete(task, "alice");

        assertThat(DATABASE.value("SELECT count(*) FROM verdicts WHERE task_id = '" + task + "'"))
                .isEqualTo("0");
        assertThat(VERDICTS.set(task, human(Label.PASS), "alice")).isEmpty();
        assertThat(VERDICTS.delete(task, verdict.id(), "alice")).isFalse();
    }

    @Test
    void page_containsTheTasksVerdicts_newestJudgeFirst() {
        write(started(task));
        UUID other = UuidV7.at(START);
        write(started(other));
        VERDICTS.set(other, human(Label.PASS), "alice");
        for (String judge : List.of("a", "b", "c")) {
            VERDICTS.set(task, automatic(judge, Label.PASS), "alice");
        }

        List<StoredVerdict> first = VERDICTS.page(task, null, 2).items();
        List<StoredVerdict> rest = VERDICTS.page(task, first.get(1).id(), 2).items();

        assertThat(first).extracting(StoredVerdict::judge).containsExactly("c", "b");
        assertThat(rest).extracting(StoredVerdict::judge).containsExactly("a");
        assertThat(rest.get(0).author()).isEqualTo("alice");
    }

    @Test
    void taskWithTooManyVerdicts_acceptsOnlyReplacements() {
        UUID other = UuidV7.at(START);
        write(started(task));
        write(started(other));
        VERDICTS.set(task, human(Label.PASS), "alice");
        DATABASE.execute("INSERT INTO verdicts (task_id, name, value, source, judge, judged_at) SELECT '" + task
                + "', 'n' || i, 'pass', 'automatic', 'judge', now() FROM generate_series(2, 1000) AS i");

        assertThatThrownBy(() -> VERDICTS.set(task, human(Label.FAIL), "bob")).isInstanceOf(TaskFullException.class);
        assertThat(VERDICTS.set(task, human(Label.FAIL), "alice")).isPresent();
        BulkResult bulk =
                API.inTransaction(session -> human(Label.UNCLEAR).apply(session, List.of(task, other), "bob"));
        assertThat(bulk).isEqualTo(new BulkResult(2, 1, 0, 0, 1));
        assertThat(column(RESULT)).isEqualTo("fail human - false");

        // The rows of deleted verdicts remain, so they count too.
        VERDICTS.delete(task, VERDICTS.page(task, null, 1).items().get(0).id(), "alice");
        assertThatThrownBy(() -> VERDICTS.set(task, human(Label.FAIL), "bob")).isInstanceOf(TaskFullException.class);
        write(sent(task, START, "ingest", Label.PASS));
        assertThat(DATABASE.value("SELECT count(*) FROM verdicts WHERE task_id = '" + task + "'"))
                .isEqualTo("1000");
    }

    @Test
    void deletedVerdict_keepsNoReason() {
        write(started(task));
        long id = VERDICTS.set(task, automatic("judge", Label.PASS), "alice")
                .orElseThrow()
                .id();

        VERDICTS.delete(task, id, "alice");

        assertThat(DATABASE.value("SELECT reason FROM verdicts WHERE id = " + id))
                .isNull();
    }
}
