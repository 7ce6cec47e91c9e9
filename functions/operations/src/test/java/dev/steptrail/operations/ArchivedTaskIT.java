package dev.steptrail.operations;

import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.store.WriteResult;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What may still happen to a task whose rows are in the bucket: something comes, or it is restored or deleted just then. */
@Timeout(120)
class ArchivedTaskIT {
    private static final WriteResult NOTHING_NEW = WriteResult.NONE;
    private static final WriteResult ONE_KEPT = new WriteResult(0, 0, 0, 1, 0);

    private final PastTasks tasks = new PastTasks();

    @AfterEach
    void close() {
        tasks.close();
    }

    @Test
    void aStepThatIsInTheArchive_isNotTakenAgain_thoughItWasAConflictBefore_butKeptOnceAsRejected() {
        UUID task = tasks.task(2);
        assertThat(tasks.arrive(step(task, 1, "something else")).conflicts()).isOne();
        tasks.age(task);
        List<String> before = tasks.rows(task);
        tasks.run();

        assertThat(tasks.arrive(step(task, 1, "something else"))).isEqualTo(ONE_KEPT);
        assertThat(tasks.arrive(step(task, 1, "something else"))).isEqualTo(NOTHING_NEW);
        assertThat(tasks.arrive(tasks.picturedStep(task, 2))).isEqualTo(ONE_KEPT);

        assertThat(tasks.steps(task)).isZero();
        assertThat(tasks.database.column("SELECT step_number FROM rejected_messages WHERE reason ="
                        + " 'the step: its task is archived; restore the task, then retry' ORDER BY 1"))
                .containsExactly("1", "2");
        tasks.restored(task);
        assertThat(tasks.rows(task)).isEqualTo(before);
    }

    @Test
    void onceTheTaskIsRestored_whatWasKeptComesOutAsADuplicateOrAConflict_andTheNextArchiveHoldsTheFirst() {
        UUID task = tasks.task(2);
        tasks.run();
        tasks.arrive(step(task, 1, "something else"), tasks.picturedStep(task, 2));
        tasks.restored(task);

        assertThat(tasks.arrive(step(task, 1, "something else"))).isEqualTo(new WriteResult(0, 0, 1, 1, 0));
        assertThat(tasks.arrive(tasks.picturedStep(task, 2))).isEqualTo(new WriteResult(0, 1, 0, 0, 0));

        List<String> steps = tasks.rows(task).subList(1, 7);
        tasks.age(task);
        tasks.run();
        tasks.purge();
        tasks.restored(task);
        assertThat(tasks.rows(task).subList(1, 7)).isEqualTo(steps);
    }

    @Test
    void differentStepsOfOneNumber_inOneMessage_areAllKept_andNewOnesBesideThemAreStored() {
        UUID task = tasks.task(2);
        tasks.run();

        assertThat(tasks.arrive(
                        step(task, 2, "one"), step(task, 2, "another"), step(task, 2, "one"), step(task, 3, "late")))
                .isEqualTo(new WriteResult(1, 1, 0, 2, 0));

        assertThat(tasks.database.value("SELECT concat_ws(' ', total_steps, conflicts) FROM tasks"))
                .isEqualTo("3 0");
        assertThat(tasks.arrive(step(task, 3, "late"))).isEqualTo(new WriteResult(0, 1, 0, 0, 0));
        assertThat(tasks.arrive(step(task, 3, "later")).conflicts()).isOne();
        assertThat(tasks.restored(task).steps()).isEqualTo(3);
    }
}
