package dev.steptrail.shipper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.shipper.fixture.FaultySqs;
import dev.steptrail.shipper.fixture.MovableClock;
import dev.steptrail.stepformat.TaskRecords;
import dev.steptrail.tracker.internal.outbox.TaskWriter;
import org.junit.jupiter.api.Test;

/** How long lines wait for more lines before they are sent. */
class BatchDelayIT extends LocalAwsTestBase {
    private final MovableClock clock = new MovableClock();

    @Test
    void step_waitsForMore_atMostFiveSeconds() throws Exception {
        try (TaskWriter writer = outbox.newTask(task.task());
                Shipper shipper = open(clock)) {
            shipper.shipDue();
            writer.append(task.started());
            shipper.shipDue();
            clock.forward(2);
            writer.append(task.step(1, "one"));
            shipper.shipDue();
            clock.forward(1);
            shipper.shipDue();
            assertThat(aws.messages()).isEmpty();

            // At the next poll, a second later, the first line would have waited for 5 s.
            clock.forward(1);
            assertThat(shipper.shipDue()).isTrue();

            assertThat(aws.records()).containsExactly(task.started(), task.step(1, "one"));
            assertThat(shipper.counts().messages()).isEqualTo(1);
        }
    }

    @Test
    void twentySteps_areSentAtOnce_andRestWaits() throws Exception {
        try (TaskWriter writer = outbox.newTask(task.task());
                Shipper shipper = open(clock)) {
            shipper.shipDue();
            for (int number = 1; number <= 23; number++) {
                writer.append(task.step(number, "x"));
            }
            shipper.shipDue();
            assertThat(aws.records()).hasSize(20);

            clock.forward(4);
            shipper.shipDue();
            assertThat(aws.records()).hasSize(3);
        }
    }

    @Test
    void endOfTaskAndLinesWrittenBeforeStart_areSentAtOnce() throws Exception {
        try (TaskWriter writer = outbox.newTask(task.task());
                Shipper shipper = open(clock)) {
            writer.append(task.started());
            shipper.shipDue();
            assertThat(aws.records()).containsExactly(task.started());

            writer.append(task.ended());
            shipper.shipDue();

            assertThat(aws.records()).containsExactly(task.ended());
        }
    }

    @Test
    void clockSetBack_linesOfRunningTaskDoNotWaitForTheOldTime() throws Exception {
        try (TaskWriter writer = outbox.newTask(task.task());
                Shipper shipper = open(clock)) {
            writer.append(task.started());
            shipper.shipDue();
            clock.forward(-3600);
            writer.append(task.step(1, "after"));
            shipper.shipDue();

            assertThat(aws.records()).containsExactly(task.started(), task.step(1, "after"));
        }
    }

    @Test
    void messagesOfManyTasks_areSentInOneRequest() throws Exception {
        for (int i = 0; i < 12; i++) {
            TaskRecords other = TaskRecords.newTask();
            write(other, other.started(), other.ended());
        }
        try (FaultySqs sqs = new FaultySqs(aws.environment());
                Shipper shipper = open(sqs.environment())) {
            shipper.shipAll();

            assertThat(sqs.sizes()).containsExactly(10, 2);
            assertThat(aws.records()).hasSize(24);
        }
    }
}
