package dev.steptrail.shipper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.shipper.fixture.MovableClock;
import dev.steptrail.shipper.internal.state.ShipperState;
import dev.steptrail.tracker.internal.outbox.TaskWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A running task whose lines fail in several consecutive passes. */
class RepeatedFailureIT extends LocalAwsTestBase {
    private final MovableClock clock = new MovableClock();
    private TaskWriter writer;

    @BeforeEach
    void begin() throws IOException {
        writer = outbox.newTask(task.task());
        writer.append(task.started());
    }

    @AfterEach
    void end() throws IOException {
        writer.close();
    }

    @Test
    void outage_isOverOnlyAfterItsLinesAreSent() throws Exception {
        List<ShipperState.Problem> problems = new ArrayList<>();
        CountDownLatch finish = new CountDownLatch(1);
        try (Shipper shipper = open(clock)) {
            shipper.shipDue();
            aws.records();
            aws.deleteQueue();
            writer.append(task.step(1, "kept"));
            clock.forward(4);
            new ShipLoop(shipper, Duration.ofMillis(1), finish, () -> {
                        problem().ifPresent(problems::add);
                        clock.forward(1);
                        if (problems.size() >= 4) {
                            finish.countDown();
                        }
                    })
                    .run();

            assertThat(problems).hasSize(4).containsOnly(problems.get(0));
            assertThat(problem()).contains(problems.get(0));

            aws.createQueue();
            shipper.shipDue();
            assertThat(problem()).isEmpty();
            assertThat(aws.records()).containsExactly(task.step(1, "kept"));
        }
    }

    @Test
    void failingFolder_recoversOnlyAfterItsLinesAreSent_andIsRetriedWithBackoff() throws Exception {
        try (Shipper shipper = open(clock)) {
            block();
            for (int seconds : new int[] {1, 2, 4}) {
                assertThatThrownBy(shipper::shipDue).hasMessageContaining(task.task() + " is not shipped");
                clock.forward(seconds);
            }
            unblock();
            clock.forward(-1);
            assertThatThrownBy(shipper::shipDue).hasMessageContaining(task.task() + " is not shipped");
            clock.forward(1);
            shipper.shipDue();

            assertThat(outbox.task(task.task()).orElseThrow().shipped()).isPositive();
        }
    }

    @Test
    void failingFolder_afterTheClockWasSetBack_doesNotWaitForTheOldTime() throws Exception {
        try (Shipper shipper = open(clock)) {
            block();
            assertThatThrownBy(shipper::shipDue).hasMessageContaining(task.task() + " is not shipped");
            unblock();
            clock.forward(-3600);
            shipper.shipDue();

            assertThat(outbox.task(task.task()).orElseThrow().shipped()).isPositive();
        }
    }

    /** Makes the offset unwritable, as a file and as a file name. */
    private void block() throws IOException {
        Files.createDirectories(steps().resolveSibling("shipped.tmp/x"));
        Files.createDirectory(steps().resolveSibling("shipped.at-" + Files.size(steps())));
    }

    private void unblock() throws IOException {
        Files.delete(steps().resolveSibling("shipped.tmp/x"));
        Files.delete(steps().resolveSibling("shipped.at-" + Files.size(steps())));
    }

    private Optional<ShipperState.Problem> problem() {
        try {
            return ShipperState.read(outbox).map(ShipperState::problem);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
