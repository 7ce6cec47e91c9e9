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
        current.begin(AGENT, TaskInfo.UNKNOWN);
        queue.end(new TaskEnding(Instant.now(), TaskStatus.FAILED, Ending.ABANDONED, null));
        fillQueue();
        current.end(TaskStatus.SUCCEEDED, Ending.FINISHED, null);

        assertThat(counts.lostEnds).hasValue(1);
        assertThat(isOpen()).isFalse();
        current.end(TaskStatus.SUCCEEDED, Ending.FINISHED, null);
        assertThat(counts.lostEnds).hasValue(1);
    }

    @Test
    void aTaskWhoseBeginFindsNoPlace_isNotOpened() {
        fillQueue();
        current.begin(AGENT, TaskInfo.UNKNOWN);
        assertThat(isOpen()).isFalse();

        while (queue.poll(Duration.ZERO) != null) {
            assertThat(isOpen()).isFalse();
        }
        OpenTask next = current.begin(AGENT, TaskInfo.UNKNOWN);
        assertThat(isOpen()).isTrue();
        assertThat(queue.poll(Duration.ZERO)).isEqualTo(new TrackerEvent.Started(next));
    }

    private boolean isOpen() {
        return queue.record(null) > 0;
    }

    /** With tasks that nobody takes, so that not even an end finds a place. */
    private void fillQueue() {
        OpenTask other = new OpenTask(AGENT.starting(TaskInfo.UNKNOWN, Instant.now()), counts);
        TaskEnding ending = new TaskEnding(Instant.now(), TaskStatus.FAILED, Ending.ABANDONED, null);
        boolean taken = true;
        while (taken) {
            taken = queue.begin(other) && queue.end(ending);
        }
    }
}
