package dev.steptrail.store.judgements;

import static dev.steptrail.store.TestRecords.START;
import static dev.steptrail.store.TestRecords.ended;
import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.stepformat.Verdict;
import dev.steptrail.stepformat.VerdictValue.Label;
import dev.steptrail.stepformat.VerdictValue.Score;
import dev.steptrail.store.judgements.VerdictRepository.NewVerdict;
import dev.steptrail.store.judgements.VerdictRepository.StoredVerdict;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Verdicts set with the login of the API, together with those that ingest writes. */
class VerdictRepositoryIT extends VerdictTestBase {
    private final UUID task = UuidV7.at(START);

    private void assertResult(String result) {
        assertThat(DATABASE.task(task, RESULT)).isEqualTo(result);
    }

    private StoredVerdict only() {
        List<StoredVerdict> stored = VERDICTS.page(task, null, 10).items();
        assertThat(stored).hasSize(1);
        return stored.get(0);
    }

    @Test
    void secondVerdictOfAJudge_replacesTheFirst_andHasALaterTime() {
        Verdict sent = sent(task, Instant.parse("9999-12-31T23:59:59.999999Z"), "judge", Label.PASS);
        DATABASE.write(started(task), sent);
        Instant first = only().judgedAt();

        StoredVerdict replaced =
                VERDICTS.set(task, automatic("judge", Label.FAIL), "alice").orElseThrow();
        DATABASE.write(sent);

        assertThat(replaced.judgedAt()).isAfter(first).isBeforeOrEqualTo(Instant.now());
        assertThat(VERDICTS.page(task, null, 10).items()).containsExactly(replaced);
        assertResult("fail automatic - false");
    }

    @Test
    void laterMessage_replacesTheVerdictOfACaller_andItsAuthor() {
        DATABASE.write(started(task));
        VERDICTS.set(task, automatic("judge", Label.PASS), "alice");

        DATABASE.write(sent(task, Instant.parse("2999-01-01T00:00:00Z"), "judge", Label.FAIL));

        StoredVerdict replaced = only();
        assertThat(replaced.value()).isEqualTo("fail");
        assertThat(replaced.author()).isNull();
    }

    @Test
    void verdictWithAFutureTime_isReplacedByLaterOnes_andItsCopiesChangeNothing() {
        Instant future = Instant.now().plusSeconds(2 * 86_400);
        Verdict ahead = sent(task, future, "old", Label.FAIL);
        DATABASE.write(started(task), ahead);
        assertResult("fail automatic - false");

        DATABASE.write(sent(task, Instant.now(), "new", Label.PASS));
        DATABASE.write(ahead, sent(task, future.minusSeconds(1), "old", Label.UNCLEAR));
        assertResult("pass automatic - true");

        DATABASE.write(sent(task, Instant.now(), "old", Label.UNCLEAR));
        DATABASE.write(ahead);
        assertResult("unclear automatic - -");

        DATABASE.write(sent(task, future.plusSeconds(1), "old", Label.PASS));
        assertResult("pass automatic - true");
    }

    /** The clock of the evaluator was half a second ahead. */
    @Test
    void copyOfAVerdictWithAFutureTime_changesNothing_whenThatTimeHasPassed() throws InterruptedException {
        Verdict ahead = sent(task, Instant.now().plusMillis(500), "judge", Label.FAIL);
        DATABASE.write(started(task), ahead);
        DATABASE.write(sent(task, Instant.now(), "judge", Label.PASS));

        Thread.sleep(600);
        DATABASE.write(ahead);

        assertResult("pass automatic - true");
        DATABASE.write(sent(task, Instant.now(), "judge", Label.UNCLEAR));
        assertResult("unclear automatic - -");
    }

    @Test
    void deletedVerdict_keepsNoReason_andIsNotRestoredByALateCopy_butByALaterVerdict() {
        Verdict sent = with(sent(task, START, "judge", Label.PASS), "reason", "because");
        DATABASE.write(started(task), sent);
        long id = only().id();

        VERDICTS.delete(task, id, "alice");
        DATABASE.write(sent);
        assertThat(DATABASE.value("SELECT reason FROM verdicts WHERE id = " + id))
                .isNull();
        assertResult("- - - -");
        assertThat(VERDICTS.page(task, null, 10).items()).isEmpty();

        DATABASE.write(sent(task, START.plusSeconds(1), "judge", Label.FAIL));
        assertResult("fail automatic - false");
    }

    @Test
    void scoresAndOtherNames_doNotChangeSuccess() {
        Verdict pass = sent(task, START, "judge", Label.PASS);
        DATABASE.write(started(task), ended(task, TaskStatus.FAILED, 0), with(pass, "name", "polite"));
        DATABASE.write(with(pass, "name", "speed", "value", new Score(0.25)));

        VERDICTS.set(task, new NewVerdict("polite", Label.PASS, null, null, null), "alice");
        StoredVerdict score = VERDICTS.set(
                        task, new NewVerdict("efficiency", new Score(0.123456789), null, null, "slow"), "alice")
                .orElseThrow();

        assertThat(score.score()).isEqualTo(0.123456789);
        assertThat(score.value()).isNull();
        assertResult("- - false false");
        assertThat(DATABASE.column(
                        "SELECT concat_ws(' ', value, score) FROM verdicts WHERE author IS NULL AND task_id = '" + task
                                + "' ORDER BY name"))
                .containsExactly("pass", "0.25");
    }

    @Test
    void page_containsTheTasksVerdicts_newestJudgeFirst() {
        DATABASE.write(started(task));
        UUID other = UuidV7.at(START);
        DATABASE.write(started(other));
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
        DATABASE.write(started(task));
        DATABASE.write(started(other));
        VERDICTS.set(task, human(Label.PASS), "alice");
        DATABASE.execute("INSERT INTO verdicts (task_id, name, value, source, judge, judged_at) SELECT '" + task
                + "', 'n' || i, 'pass', 'automatic', 'judge', now() FROM generate_series(2, 1000) AS i");

        assertThatThrownBy(() -> VERDICTS.set(task, human(Label.FAIL), "bob")).isInstanceOf(TaskFullException.class);
        assertThat(VERDICTS.set(task, human(Label.FAIL), "alice")).isPresent();
        BulkResult bulk =
                API.inTransaction(session -> human(Label.UNCLEAR).apply(session, List.of(task, other), "bob"));
        assertThat(bulk).isEqualTo(new BulkResult(2, 1, 0, 0, 1));
        assertResult("fail human - false");

        // The rows of deleted verdicts remain, so they count too.
        VERDICTS.delete(task, VERDICTS.page(task, null, 1).items().get(0).id(), "alice");
        assertThatThrownBy(() -> VERDICTS.set(task, human(Label.FAIL), "bob")).isInstanceOf(TaskFullException.class);
        DATABASE.write(sent(task, START, "ingest", Label.PASS));
        assertThat(DATABASE.count("verdicts", task)).isEqualTo(1000);
    }
}
