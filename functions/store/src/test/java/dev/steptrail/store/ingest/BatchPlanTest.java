package dev.steptrail.store.ingest;

import static dev.steptrail.store.TestRecords.message;
import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.Attachment;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.store.TestRecords;
import dev.steptrail.store.model.Agent;
import dev.steptrail.store.model.RegisteredAgents;
import dev.steptrail.store.model.StoredStep;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class BatchPlanTest {
    private static final RegisteredAgents SENDERS = new RegisteredAgents(List.of(
            new Agent("a", "alice", List.of()),
            new Agent("b", "bob", List.of()),
            new Agent("proxy", "proxy", List.of("*"))));
    private static final UUID TASK = new UUID(7, 7);

    @Property(tries = 200)
    void inAnyOrder_eachTaskIsThereOnceByItsIdWithEachStepOnce(
            @ForAll @Size(max = 60) List<@IntRange(min = 0, max = 39) Integer> picks, @ForAll Random random) {
        List<ReceivedMessage> messages = new ArrayList<>();
        Set<String> wanted = new HashSet<>();
        for (int pick : picks) {
            StepRecord record = step(new UUID(pick / 10, 0), 1 + pick % 10);
            wanted.add(record.taskId() + "." + (1 + pick % 10));
            messages.add(message("a", record));
        }
        Collections.shuffle(messages, random);

        BatchPlan plan = BatchPlan.create(messages, SENDERS, Map.of());

        List<StoredStep> steps = plan.tasks().stream()
                .flatMap(task -> task.steps().stream())
                .map(TaskRecords.ReceivedStep::row)
                .toList();
        assertThat(steps).extracting(StoredStep::stepId).containsExactlyInAnyOrderElementsOf(wanted);
        assertThat(plan.tasks()).extracting(TaskRecords::taskId).isSorted();
        assertThat(plan.tasks().stream().mapToInt(TaskRecords::duplicates).sum())
                .isEqualTo(picks.size() - wanted.size());
        assertThat(plan.rejections()).isEmpty();
    }

    @Test
    void onBehalfOfOfTaskStarted_appliesToEarlierStepsOfTheBatch() {
        BatchPlan plan = BatchPlan.create(
                List.of(message("proxy", step(TASK, 1)), message("proxy", started(TASK, "carol"))), SENDERS, Map.of());

        assertThat(plan.tasks()).extracting(TaskRecords::owner).containsExactly("carol");
    }

    @Test
    void taskWithStepsBeforeTaskStarted_isTransferredToTheNamedOwner() {
        BatchPlan plan = BatchPlan.create(
                List.of(message("proxy", started(TASK, "carol"))),
                SENDERS,
                Map.of(TASK, new StoredTaskState("proxy", false, false, false)));

        assertThat(plan.tasks()).extracting(TaskRecords::owner).containsExactly("carol");
    }

    @Test
    void announcedTask_isNeverTransferred() {
        BatchPlan plan = BatchPlan.create(
                List.of(message("proxy", started(TASK, "carol"))),
                SENDERS,
                Map.of(TASK, new StoredTaskState("proxy", true, false, false)));

        assertThat(plan.tasks()).isEmpty();
        assertThat(plan.rejections())
                .extracting(Rejection::reason)
                .containsExactly("task_id: the task belongs to another owner");
    }

    @Test
    void anotherOwnersTask_isNeverTransferred() {
        BatchPlan plan = BatchPlan.create(
                List.of(message("b", started(TASK))),
                SENDERS,
                Map.of(TASK, new StoredTaskState("alice", false, false, false)));

        assertThat(plan.tasks()).isEmpty();
        assertThat(plan.rejections()).hasSize(1);
    }

    @Test
    void ownerThatIsEmptyOrTooLong_isRejectedNamingTheField() {
        BatchPlan plan = BatchPlan.create(
                List.of(
                        message("proxy", started(TASK, "")),
                        message("proxy", started(TASK, "x".repeat(257))),
                        message("proxy", started(new UUID(8, 8), "\ud83d\udcf7".repeat(256)))),
                SENDERS,
                Map.of());

        assertThat(plan.tasks()).extracting(TaskRecords::taskId).containsExactly(new UUID(8, 8));
        assertThat(plan.rejections())
                .extracting(Rejection::reason)
                .containsOnly("on_behalf_of: must be 1 to 256 characters")
                .hasSize(2);
    }

    @Test
    void attachmentOfTheOwnersSenders_isStored() {
        ReceivedMessage own = message("a", withAttachment("attachments/a/" + TASK + "/x"));
        ReceivedMessage onBehalf = message("proxy", withAttachment("attachments/a/" + TASK + "/x"));

        assertThat(BatchPlan.create(List.of(own), SENDERS, Map.of()).rejections())
                .isEmpty();
        assertThat(BatchPlan.create(
                                List.of(onBehalf),
                                SENDERS,
                                Map.of(TASK, new StoredTaskState("alice", true, false, false)))
                        .rejections())
                .isEmpty();
    }

    @Test
    void attachmentOfAnotherOwnerOrTask_isRejected_inEveryKindOfRecord() {
        for (String path : List.of("attachments/b/" + TASK + "/x", "attachments/a/" + new UUID(8, 8) + "/x")) {
            List<Attachment> attachments = List.of(TestRecords.attachment("message", path));
            TaskEnded ended =
                    new TaskEnded(TASK, TestRecords.START, TaskStatus.FAILED, null, "m", 1, attachments, Map.of());

            BatchPlan plan = BatchPlan.create(List.of(message("a", withAttachment(path), ended)), SENDERS, Map.of());

            assertThat(plan.tasks()).isEmpty();
            assertThat(plan.rejections()).hasSize(2).allSatisfy(rejection -> assertThat(rejection.reason())
                    .startsWith("attachments[0].path: must be attachments/<sender>/<task_id>/<file>"));
        }
    }

    private static Step withAttachment(String path) {
        return step(TASK, 1).withAttachments(List.of(TestRecords.attachment("thinking", path)));
    }

    @Test
    void recordsOfADeletedTask_areDropped() {
        BatchPlan plan = BatchPlan.create(
                List.of(message("b", step(TASK, 1), step(TASK, 2))),
                SENDERS,
                Map.of(TASK, new StoredTaskState("alice", true, false, true)));

        assertThat(plan.tasks()).isEmpty();
        assertThat(plan.rejections()).isEmpty();
        assertThat(plan.dropped()).isEqualTo(2);
    }
}
