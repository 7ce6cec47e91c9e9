package dev.steptrail.store.experiments;

import static dev.steptrail.store.TestRecords.START;
import static dev.steptrail.store.TestRecords.ended;
import static dev.steptrail.store.TestRecords.message;
import static dev.steptrail.store.TestRecords.startedRepeat;
import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.stepformat.Verdict;
import dev.steptrail.stepformat.VerdictValue.Label;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.experiments.ExperimentRepository.Key;
import dev.steptrail.store.experiments.ExperimentRepository.Summary;
import dev.steptrail.store.experiments.ExperimentRepository.TooManyExperimentsException;
import dev.steptrail.store.experiments.Results.Counts;
import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.roles.FunctionLogin;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Experiments, read with the login of the API. */
class ExperimentRepositoryIT {
    private static final TestDatabase DATABASE =
            TestDatabase.migrated().register("sender", "alice").register("other", "bob");
    private static final ExperimentRepository EXPERIMENTS =
            new ExperimentRepository(DATABASE.database(FunctionLogin.API));

    @BeforeEach
    void clear() {
        DATABASE.clear();
    }

    private UUID run(String sender, String experiment, String caseId, int minute) {
        UUID task = UuidV7.at(START);
        DATABASE.write(message(sender, startedRepeat(task, start(minute), experiment, caseId)));
        return task;
    }

    private static Instant start(int minute) {
        return START.plusSeconds(60L * minute);
    }

    private void end(UUID task, TaskStatus status) {
        DATABASE.write(step(task, 1), step(task, 2), ended(task, status, 60));
    }

    private void judge(UUID task, Label value) {
        DATABASE.write(new Verdict(task, START, Verdict.SUCCESS, value, "judge", "1", "because", Map.of()));
    }

    private Counts total(String owner, String experiment) {
        return EXPERIMENTS.find(owner, experiment).orElseThrow().total().counts();
    }

    @Test
    void outcomes_areCountedByTheVerdict_elseByTheClaim() {
        end(run("sender", "nightly", "torch", 0), TaskStatus.SUCCEEDED);
        UUID judged = run("sender", "nightly", "torch", 0);
        end(judged, TaskStatus.SUCCEEDED);
        judge(judged, Label.FAIL);
        UUID unclear = run("sender", "nightly", "torch", 0);
        end(unclear, TaskStatus.FAILED);
        judge(unclear, Label.UNCLEAR);
        run("sender", "nightly", "camera", 3);
        run("other", "nightly", "torch", 9);
        run("sender", "nightly", null, 1);

        Experiment experiment = EXPERIMENTS.find("alice", "nightly").orElseThrow();

        assertThat(experiment.cases().keySet()).containsExactly("", "camera", "torch");
        Counts torch = experiment.cases().get("torch").counts();
        assertThat(torch).isEqualTo(new Counts(3, 1, 1, 1, 0, 2, 1, 0, 1, 1, 3, 6, 3, 180_000, 0, 0, 0, 0));
        assertThat(experiment.total().counts().tasks()).isEqualTo(5);
        assertThat(experiment.total().counts().running()).isEqualTo(2);
        assertThat(experiment.firstStartedAt()).isEqualTo(start(0));
        assertThat(experiment.lastStartedAt()).isEqualTo(start(3));
        assertThat(total("bob", "nightly").tasks()).isEqualTo(1);
        assertThat(EXPERIMENTS.find("bob", "nightl")).isEmpty();
    }

    @Test
    void attributes_areDistinct_mostFrequentFirst_andBounded() {
        run("sender", "nightly", "torch", 0);
        for (String attributes : List.of("{\"n\":1}", "{\"n\":1}", "{}", "{\"n\":\"" + "x".repeat(2000) + "\"}")) {
            UUID task = run("sender", "nightly", "torch", 0);
            DATABASE.execute("UPDATE tasks SET attributes = '" + attributes + "' WHERE task_id = '" + task + "'");
        }

        assertThat(EXPERIMENTS.find("alice", "nightly").orElseThrow().attributes())
                .containsExactly("{\"n\":1}", "{\"prompt_version\":\"7\"}");

        DATABASE.execute("UPDATE tasks SET experiment = 'many'");
        DATABASE.execute("""
                INSERT INTO tasks (task_id, owner, started_at, experiment, attributes)
                SELECT gen_random_uuid(), 'alice', '2020-01-01', 'many', json_build_object('n', n)
                  FROM generate_series(1, 30) AS n
                """);
        assertThat(EXPERIMENTS.find("alice", "many").orElseThrow().attributes())
                .hasSize(ExperimentRepository.MAX_ATTRIBUTES);
    }

    @Test
    void list_isPaged_newestFirst_forOneOwnerOrAll() {
        for (int i = 0; i < 5; i++) {
            run("sender", "run " + (i * 7 % 5), "torch", i * 7 % 5);
            end(run("sender", "run " + (i * 7 % 5), "camera", 10), TaskStatus.SUCCEEDED);
        }
        run("other", "run 2", "torch", 100);
        run("sender", null, null, 100);

        List<String> names = new ArrayList<>();
        Page<Summary> page = EXPERIMENTS.page("alice", null, 2);
        while (true) {
            page.items().forEach(summary -> names.add(summary.name()));
            if (!page.hasMore()) {
                break;
            }
            page = EXPERIMENTS.page("alice", Key.of(page.items().get(1)), 2);
        }

        assertThat(names).containsExactly("run 4", "run 3", "run 2", "run 1", "run 0");
        Summary newest = EXPERIMENTS.page(null, null, 10).items().get(0);
        assertThat(newest.owner()).isEqualTo("bob");
        assertThat(EXPERIMENTS.page(null, null, 10).items()).hasSize(6);
        Summary last = EXPERIMENTS.page("alice", null, 10).items().get(4);
        assertThat(last.lastStartedAt()).isEqualTo(start(10));
        assertThat(List.of(last.cases(), last.tasks(), last.passes(), last.claimedPasses(), last.fails()))
                .containsExactly(2, 2, 1, 1, 0);
        assertThat(EXPERIMENTS.page("carol", null, 10).items()).isEmpty();
    }

    @Test
    void tooManyExperiments_areNotListed_butThoseOfOtherOwnersAre() {
        DATABASE.execute(
                "INSERT INTO tasks (task_id, owner, started_at, experiment) SELECT gen_random_uuid(), 'alice', now(), n"
                        + " FROM generate_series(1, " + ExperimentRepository.MAX_LISTED + ") AS n");
        run("other", "nightly", "torch", 0);
        assertThat(EXPERIMENTS.page("alice", null, 1).items()).hasSize(1);
        assertThatThrownBy(() -> EXPERIMENTS.page(null, null, 1)).isInstanceOf(TooManyExperimentsException.class);

        run("sender", "one more", "torch", 0);

        assertThatThrownBy(() -> EXPERIMENTS.page("alice", null, 1)).isInstanceOf(TooManyExperimentsException.class);
        assertThat(EXPERIMENTS.page("bob", null, 1).items()).hasSize(1);
    }

    @Test
    void largeExperiment_isReadUpToTheLimit() {
        DATABASE.execute("""
                INSERT INTO tasks (task_id, owner, started_at, experiment, case_id)
                SELECT gen_random_uuid(), 'alice', now(), 'large', 'case ' || n %% 7
                  FROM generate_series(1, %d) AS n
                """.formatted(ExperimentRepository.MAX_TASKS + 50));

        assertThat(total("alice", "large").tasks()).isEqualTo(ExperimentRepository.MAX_TASKS + 1);
        assertThat(EXPERIMENTS.page("alice", null, 1).items())
                .extracting(Summary::name, Summary::tasks)
                .containsExactly(tuple("large", ExperimentRepository.MAX_TASKS + 1));
    }
}
