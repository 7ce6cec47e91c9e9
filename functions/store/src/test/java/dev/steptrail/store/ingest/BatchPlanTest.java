package dev.steptrail.store.ingest;

import static dev.steptrail.store.TestRecords.attachment;
import static dev.steptrail.store.TestRecords.ended;
import static dev.steptrail.store.TestRecords.message;
import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.step;
import static dev.steptrail.store.TestRecords.with;
import static dev.steptrail.store.TestRecords.withScreenshot;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStatus;
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
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        BatchPlan plan = create(message("proxy", step(TASK, 1)), message("proxy", started(TASK, "carol")));

        assertThat(plan.tasks()).extracting(TaskRecords::owner).containsExactly("carol");
    }

    @Test
    void newTaskOfTwoOwners_belongsToTheFirst() {
        BatchPlan plan = create(message("b", step(TASK, 1)), message("a", step(TASK, 1)));

        assertThat(plan.tasks()).extracting(TaskRecords::owner).containsExactly("bob");
        assertThat(plan.rejections()).hasSize(1);
    }

    /** A task whose start has not arrived is transferred to the owner that its sender names. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # stored owner | announced | sender | on behalf of | owner | reason
            proxy          | false     | proxy  | carol        | carol |
            proxy          | true      | proxy  | carol        |       | task_id: the task belongs to another owner
            alice          | false     | b      |              |       | task_id: the task belongs to another owner
                           | false     | b      | alice        |       | on_behalf_of: the sender is not registered to record for this owner
                           | false     | proxy  | ''           |       | on_behalf_of: must be 1 to 256 characters
            """)
    void start_belongsToTheNamedOwner_orIsRejected(
            @Nullable String storedOwner,
            boolean announced,
            String sender,
            @Nullable String onBehalfOf,
            @Nullable String owner,
            @Nullable String reason) {
        Map<UUID, StoredTaskState> stored = storedOwner == null
                ? Map.of()
                : Map.of(TASK, new StoredTaskState(storedOwner, announced, false, false));

        BatchPlan plan = BatchPlan.create(List.of(message(sender, started(TASK, onBehalfOf))), SENDERS, stored);

        assertThat(plan.tasks())
                .extracting(TaskRecords::owner)
                .isEqualTo(Stream.ofNullable(owner).toList());
        assertThat(plan.rejections())
                .extracting(Rejection::reason)
                .isEqualTo(Stream.ofNullable(reason).toList());
    }

    @Test
    void ownerOfMoreThan256Characters_isRejected() {
        BatchPlan plan = create(
                message("proxy", started(TASK, "x".repeat(257))),
                message("proxy", started(new UUID(8, 8), "\ud83d\udcf7".repeat(256))));

        assertThat(plan.tasks()).extracting(TaskRecords::taskId).containsExactly(new UUID(8, 8));
        assertThat(plan.rejections())
                .extracting(Rejection::reason)
                .containsExactly("on_behalf_of: must be 1 to 256 characters");
    }

    @Test
    void attachmentOfTheOwnersSenders_isStored() {
        Step step = withAttachment("attachments/a/" + TASK + "/x");

        assertThat(create(message("a", step)).rejections()).isEmpty();
        assertThat(create(stored(false), message("proxy", step)).rejections()).isEmpty();
    }

    @Test
    void attachmentOfAnotherOwnerOrTask_isRejected_inEveryKindOfRecord() {
        for (String path : List.of("attachments/b/" + TASK + "/x", "attachments/a/" + new UUID(8, 8) + "/x")) {
            TaskEnded ended =
                    with(ended(TASK, TaskStatus.FAILED, 1), "attachments", List.of(attachment("message", path)));

            BatchPlan plan = create(message("a", withAttachment(path), ended));

            assertThat(plan.tasks()).isEmpty();
            assertThat(plan.rejections()).hasSize(2).allSatisfy(rejection -> assertThat(rejection.reason())
                    .startsWith("attachments[0].path: must be attachments/<sender>/<task_id>/<file>"));
        }
    }

    @Test
    void screenshotOfAnotherOwner_isRejected_andOtherStepsAreNot() {
        Step bobs = withScreenshot(step(TASK, 1), FrameRole.BEFORE, "screenshots/b/" + TASK + "/a.webp");

        BatchPlan plan = create(message("a", bobs, step(TASK, 2)));

        assertThat(plan.tasks()).singleElement().satisfies(task -> assertThat(task.steps())
                .hasSize(1));
        assertThat(plan.rejections()).singleElement().satisfies(rejection -> assertThat(rejection.reason())
                .startsWith("screenshots[0].screenshot_path: must be screenshots/<sender>/<task_id>/<file>"));
    }

    @Test
    void recordsOfADeletedTask_areDropped() {
        BatchPlan plan = create(stored(true), message("b", step(TASK, 1), step(TASK, 2)));

        assertThat(plan.tasks()).isEmpty();
        assertThat(plan.rejections()).isEmpty();
        assertThat(plan.dropped()).isEqualTo(2);
    }

    private static Step withAttachment(String path) {
        return step(TASK, 1).withAttachments(List.of(attachment("thinking", path)));
    }

    private static StoredTaskState stored(boolean deleted) {
        return new StoredTaskState("alice", true, false, deleted);
    }

    private static BatchPlan create(ReceivedMessage... messages) {
        return BatchPlan.create(List.of(messages), SENDERS, Map.of());
    }

    private static BatchPlan create(StoredTaskState stored, ReceivedMessage message) {
        return BatchPlan.create(List.of(message), SENDERS, Map.of(TASK, stored));
    }
}
