package dev.steptrail.shipper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.shipper.fixture.JavaProcess;
import dev.steptrail.shipper.fixture.Screens;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.tracker.StepData;
import dev.steptrail.tracker.StepTracker;
import dev.steptrail.tracker.TrackedTask;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An agent that records while a shipper runs in another process, until the agent is killed. */
@Tag("slow")
class LiveShippingIT extends LocalAwsTestBase {
    /** An agent that records steps until it is killed. It prints its progress to a pipe, which limits its speed. */
    static final class EndlessAgent {
        public static void main(String[] arguments) throws Exception {
            StepTracker tracker = StepTracker.builder(Path.of(arguments[0])).build();
            TrackedTask task = tracker.startTask("without end");
            System.out.println(task.id());
            for (int number = 1; ; number++) {
                task.record(step(number).build());
                tracker.flush(Duration.ofSeconds(10));
                System.out.printf("%1000d%n", number); // a pipe holds about sixty of these lines
            }
        }
    }

    @Test
    void recordsOfKilledAgent_arrive_andTaskIsAbandonedSixHoursLater() throws Exception {
        int written = 0;
        UUID task;
        Process agent = JavaProcess.of(EndlessAgent.class, outbox.folder().toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (Shipper shipper = open(aws.environment());
                BufferedReader out =
                        new BufferedReader(new InputStreamReader(agent.getInputStream(), StandardCharsets.UTF_8))) {
            task = UUID.fromString(out.readLine());
            while (written < 40) {
                written = Integer.parseInt(out.readLine().strip());
                if (written % 15 == 0) {
                    shipper.shipAll();
                    assertThat(outbox.task(task).orElseThrow().hasWriter()).isTrue();
                }
            }
            agent.destroyForcibly().waitFor();
            shipper.shipAll();
        } finally {
            agent.destroyForcibly().waitFor();
        }
        List<StepRecord> records = aws.records();
        assertThat(records).hasAtLeastOneElementOfType(TaskStarted.class);
        assertThat(numbers(records, task))
                .containsAll(IntStream.rangeClosed(1, written).boxed().toList());
        assertThat(outbox.tasks()).hasSize(1);

        ship(Instant.now().plus(Duration.ofHours(7)));
        assertThat(aws.records()).singleElement().satisfies(end -> assertThat(((TaskEnded) end).status())
                .isEqualTo(TaskStatus.ABANDONED));
        assertThat(outbox.tasks()).isEmpty();
    }

    private static StepData.Builder step(int number) {
        StepData.Builder step =
                StepData.action(Map.of("action", "Tap", "n", number)).succeeded();
        return number == 1 ? step.frame(FrameRole.BEFORE, Screens.small(1), false) : step;
    }

    private static Set<Integer> numbers(List<StepRecord> records, UUID task) {
        return records.stream()
                .filter(record -> record instanceof Step && record.taskId().equals(task))
                .map(record -> ((Step) record).stepNumber())
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
