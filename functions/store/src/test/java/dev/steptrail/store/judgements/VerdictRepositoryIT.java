package dev.steptrail.store.judgements;

import static dev.steptrail.store.TestRecords.START;
import static dev.steptrail.store.TestRecords.ended;
import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.stepformat.Verdict;
import dev.steptrail.stepformat.VerdictValue.Label;
import dev.steptrail.stepformat.VerdictValue.Score;
import dev.steptrail.store.TestRecords;
import dev.steptrail.store.judgements.VerdictRepository.NewVerdict;
import dev.steptrail.store.judgements.VerdictRepository.StoredVerdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
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

    /** What the rule needs to know of the verdict of one judge. */
    private record Judged(String value, boolean isHuman, Instant time, boolean deleted) {}

    private record Judge(String name, boolean isHuman) {}

    /**
     * Records arrive from the queue in any order and batches, some repeatedly, while callers of the API set and delete
     * verdicts. After each step, the task has the newest human verdict, else the newest automatic one, else none.
     */
    @Property(tries = 40)
    void success_followsTheRule_inAnyOrderOfRecordsAndCalls(@ForAll Random random) {
        UUID id = TestRecords.anyTask(random);
        TaskStatus end = random.nextBoolean() ? TaskStatus.SUCCEEDED : TaskStatus.FAILED;
        Model model = new Model(id, random);
        List<Runnable> steps = new ArrayList<>();
        steps.add(() -> model.receive(started(id)));
        steps.add(() -> model.receive(ended(id, end, 0)));
        for (int i = 0; i < 4; i++) {
            // Half of the verdicts of one evaluator have a time in the future.
            int judge = random.nextInt(2);
            Instant time = START.plusSeconds(i).plusSeconds(judge == 0 && random.nextBoolean() ? 1_000_000_000 : 0);
            Verdict verdict = sent(id, time, "judge-" + judge, label(random));
            Runnable arrival = () -> model.receive(verdict);
            steps.addAll(Collections.nCopies(1 + random.nextInt(2), arrival));
        }
        for (int i = 0; i < 6; i++) {
            steps.add(random.nextInt(3) == 0 ? model::delete : model::set);
        }
        Collections.shuffle(steps, random);

        for (Runnable step : steps) {
            step.run();
            model.check();
        }

        assertThat(DATABASE.task(id, "claimed_success::text")).isEqualTo(String.valueOf(end == TaskStatus.SUCCEEDED));
    }

    private static Label label(Random random) {
        return Label.values()[random.nextInt(Label.values().length)];
    }

    /** Applies each change to the database and to a map of the verdicts. */
    private static final class Model {
        private final UUID id;
        private final Random random;
        private final Map<Judge, Judged> verdicts = new HashMap<>();
        private final Map<Judge, Instant> ahead = new HashMap<>();
        private final List<Verdict> early = new ArrayList<>();
        private boolean taskExists;
        private @Nullable Boolean claim;

        Model(UUID id, Random random) {
            this.id = id;
            this.random = random;
        }

        void receive(StepRecord record) {
            DATABASE.write(record);
            if (record instanceof TaskEnded ended) {
                claim = ended.status() == TaskStatus.SUCCEEDED;
            }
            if (record instanceof Verdict verdict) {
                early.add(verdict);
            } else {
                taskExists = true;
            }
            if (taskExists) { // those that arrive at the same time replace each other by their own times
                early.stream()
                        .collect(Collectors.toMap(
                                Verdict::evaluator,
                                Function.identity(),
                                BinaryOperator.maxBy(Comparator.comparing(Verdict::timestamp))))
                        .values()
                        .forEach(this::judge);
                early.clear();
            }
        }

        private void judge(Verdict verdict) {
            Judge judge = new Judge(verdict.evaluator(), false);
            Instant received = Instant.now();
            boolean isAhead = verdict.timestamp().isAfter(received);
            if (isAhead && !verdict.timestamp().isAfter(ahead.getOrDefault(judge, Instant.MIN))) {
                return;
            }
            if (isAhead) {
                ahead.put(judge, verdict.timestamp());
            }
            Instant time = isAhead ? received : verdict.timestamp();
            verdicts.merge(
                    judge,
                    new Judged(((Label) verdict.value()).wireName(), false, time, false),
                    (stored, late) -> late.time().isAfter(stored.time()) ? late : stored);
        }

        void set() {
            Label value = label(random);
            boolean isHuman = random.nextBoolean();
            String name = (isHuman ? "user-" : "judge-") + random.nextInt(2);
            Optional<StoredVerdict> stored =
                    isHuman ? VERDICTS.set(id, human(value), name) : VERDICTS.set(id, automatic(name, value), "alice");
            assertThat(stored.isPresent()).isEqualTo(taskExists);
            stored.ifPresent(verdict -> {
                Judge judge = new Judge(name, isHuman);
                Judged before = verdicts.put(judge, new Judged(value.wireName(), isHuman, verdict.judgedAt(), false));
                assertThat(before == null || verdict.judgedAt().isAfter(before.time()))
                        .isTrue();
            });
        }

        void delete() {
            List<StoredVerdict> listed = VERDICTS.page(id, null, 100).items();
            if (listed.isEmpty()) {
                return;
            }
            StoredVerdict verdict = listed.get(random.nextInt(listed.size()));
            assertThat(VERDICTS.delete(id, verdict.id(), "alice")).isTrue();
            verdicts.computeIfPresent(
                    new Judge(verdict.judge(), verdict.source().equals("human")),
                    (judge, stored) -> new Judged(stored.value(), stored.isHuman(), stored.time(), true));
        }

        void check() {
            if (!taskExists) {
                return;
            }
            Collection<Judged> valid =
                    verdicts.values().stream().filter(each -> !each.deleted()).toList();
            Optional<Judged> counted =
                    valid.stream().max(Comparator.comparing(Judged::isHuman).thenComparing(Judged::time));
            String value = counted.map(Judged::value).orElse("-");
            String source =
                    counted.map(each -> each.isHuman() ? "human" : "automatic").orElse("-");
            String success =
                    switch (value) {
                        case "pass" -> "true";
                        case "fail" -> "false";
                        case "unclear" -> "-";
                        default -> claim == null ? "-" : claim.toString();
                    };
            assertThat(DATABASE.task(id, RESULT))
                    .isEqualTo(String.join(" ", value, source, claim == null ? "-" : claim.toString(), success));
            assertThat(VERDICTS.page(id, null, 100).items()).hasSize(valid.size());
        }
    }
}
