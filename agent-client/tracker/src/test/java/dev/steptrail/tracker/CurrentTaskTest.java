package dev.steptrail.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.Ending;
import dev.steptrail.stepformat.TaskStatus;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class CurrentTaskTest {
    private static final AgentIdentity AGENT = new AgentIdentity("agent", null, null);

    private final TrackerCounts counts = new TrackerCounts();
    private final HandoffQueue queue = new HandoffQueue(1, 1, Duration.ofSeconds(10));
    private final CurrentTask current = new CurrentTask(queue, counts);

    @Test
    void anEndThatFindsNoPlace_isCounted_andItsTaskTakesNoMoreSteps() {
        OpenTask task = current.begin(AGENT, TaskInfo.UNKNOWN);
        fillQueue(task);
        current.end(TaskStatus.SUCCEEDED, Ending.FINISHED, null);

        assertThat(counts.lostEnds).hasValue(1);
        assertThat(current.get()).isNull();
        assertThat(task.nextStepNumber()).isZero();
        current.end(TaskStatus.SUCCEEDED, Ending.FINISHED, null);
        assertThat(counts.lostEnds).hasValue(1);
    }

    @Test
    void aTaskWhoseBeginFindsNoPlace_isNotOpened() {
        fillQueue(new OpenTask(AGENT.starting(TaskInfo.UNKNOWN, Instant.now()), counts));
        current.begin(AGENT, TaskInfo.UNKNOWN);
        assertThat(current.get()).isNull();

        while (queue.poll(Duration.ZERO) != null) {
            assertThat(current.get()).isNull();
        }
        OpenTask next = current.begin(AGENT, TaskInfo.UNKNOWN);
        assertThat(current.get()).isSameAs(next);
    }

    private void fillQueue(OpenTask task) {
        boolean taken = true;
        while (taken) {
            taken = queue.offerControl(new TrackerEvent.Started(task));
        }
    }
}
