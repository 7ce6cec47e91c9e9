package dev.steptrail.shipper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.shipper.fixture.Screens;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Screenshot;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskRecords;
import dev.steptrail.stepformat.Waiting;
import dev.steptrail.tracker.internal.outbox.TaskWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Kills shippers while agents write. All records arrive, and no message references an object that is not stored. */
@Tag("slow")
class KilledShipperIT extends LocalAwsTestBase {
    private static final int STEPS = 180;

    private record Key(UUID task, Class<? extends StepRecord> kind, int stepNumber) {}

    private final Random random = new Random(11);
    private final List<TaskRecords> tasks =
            Stream.generate(TaskRecords::newTask).limit(3).toList();
    private final Map<Key, StepRecord> arrived = new HashMap<>();

    @Test
    void killedShipper_nextShipperDeliversTheRest() throws Exception {
        List<Thread> agents = tasks.stream().map(this::startWriting).toList();
        for (int i = 0; i < 3; i++) {
            Process shipper = startShipper();
            try {
                // It is shipping once it prints its first line; the time of the kill is random.
                shipper.getInputStream().read();
                Thread.sleep(random.nextInt(1_500));
            } finally {
                shipper.destroyForcibly().waitFor();
            }
            receive();
        }
        for (Thread agent : agents) {
            agent.join();
        }

        Process last = startShipper();
        try {
            Waiting.until("everything is shipped", () -> outbox.tasks().isEmpty());
        } finally {
            last.destroyForcibly().waitFor();
        }
        receive();
        assertThat(arrived).hasSize(tasks.size() * (STEPS + 2));
        for (TaskRecords task : tasks) {
            for (int number = 1; number <= STEPS; number += 30) {
                Step step = (Step) arrived.get(new Key(task.task(), Step.class, number));
                assertThat(step.screenshots()).hasSize(1);
            }
        }
        assertThat(outbox.folder().resolve("rejected")).doesNotExist();
    }

    private Process startShipper() throws Exception {
        ProcessBuilder command = ShippingProcess.of(outbox).redirectError(ProcessBuilder.Redirect.DISCARD);
        command.environment().putAll(aws.environment());
        return command.start();
    }

    /** Writes a task, of which some steps have a screenshot. */
    private Thread startWriting(TaskRecords task) {
        Thread agent = new Thread(() -> {
            try (TaskWriter writer = outbox.newTask(task.task())) {
                writer.append(task.started());
                for (int number = 1; number <= STEPS; number++) {
                    writer.append(step(number, task, writer));
                    Thread.sleep(25);
                }
                writer.append(task.ended());
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        agent.start();
        return agent;
    }

    private static Step step(int number, TaskRecords task, TaskWriter writer) throws Exception {
        if (number % 30 != 1) {
            return task.step(number, "step " + number);
        }
        byte[] screen = Screens.small(1 + number % 4);
        return task.step(number, "", writer.writeFrame(number, FrameRole.BEFORE, screen, false, null));
    }

    /** Receives the available messages. Referenced objects must exist, and a repeated record must be identical. */
    private void receive() throws Exception {
        List<StepRecord> records = aws.records();
        List<String> objects = aws.keys();
        for (StepRecord record : records) {
            int number = 0;
            if (record instanceof Step step) {
                number = step.stepNumber();
                assertThat(objects)
                        .containsAll(step.screenshots().stream()
                                .map(Screenshot::screenshotPath)
                                .toList());
            }
            StepRecord earlier = arrived.putIfAbsent(new Key(record.taskId(), record.getClass(), number), record);
            assertThat(record).isEqualTo(earlier == null ? record : earlier);
        }
    }
}
