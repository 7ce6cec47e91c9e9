package dev.steptrail.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.Ending;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.TaskStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HandoffQueueTest {
    private static final Duration AT_ONCE = Duration.ZERO;
    private static final Duration SOON = Duration.ofSeconds(5);

    private final TrackerCounts counts = new TrackerCounts();
    private final OpenTask task =
            new OpenTask(new AgentIdentity(null, null, null).starting(TaskInfo.UNKNOWN, Instant.now()), counts);

    @Test
    void moreStepsThanMayWait_areCounted_andTheRestKeepsItsOrder() {
        HandoffQueue queue = opened(3, 1_000);
        for (int number = 1; number <= 5; number++) {
            queue.record(step(0));
        }

        assertThat(queue.size()).isEqualTo(3);
        assertThat(counts.droppedSteps.byKey()).isEqualTo(Map.of("queue_full", 2L));
        assertThat(recorded(queue).stepNumber()).isEqualTo(1);
        queue.record(step(0));
        assertThat(List.of(
                        recorded(queue).stepNumber(),
                        recorded(queue).stepNumber(),
                        recorded(queue).stepNumber()))
                .containsExactly(2, 3, 6);
    }

    @Test
    void whatMustNotBeDropped_hasPlacesOfItsOwn() {
        HandoffQueue queue = opened(1, 1_000);
        queue.record(step(0));

        assertThat(queue.end(new TaskEnding(Instant.now(), TaskStatus.FAILED, Ending.ABANDONED, null)))
                .isTrue();
        assertThat(queue.begin(task)).isTrue();
        queue.record(step(0));
        assertThat(queue.size()).isEqualTo(3);
        assertThat(counts.droppedSteps.byKey()).isEqualTo(Map.of("queue_full", 1L));
    }

    @Test
    void picturesBeyondTheBytesThatMayWait_areLeftOut_untilOthersAreTaken() {
        HandoffQueue queue = opened(10, 100);
        queue.record(step(60));
        queue.record(step(41));
        queue.record(step(40));
        assertThat(queue.pictureBytes()).isEqualTo(100);

        assertThat(recorded(queue).data().refusedPictures).isZero();
        TrackerEvent.Recorded second = recorded(queue);
        assertThat(second.data().refusedPictures).isEqualTo(1);
        assertThat(second.data().screens).isEmpty();
        assertThat(recorded(queue).data().screens).hasSize(1);
        assertThat(queue.pictureBytes()).isZero();
        queue.record(step(100));
        assertThat(recorded(queue).data().screens).hasSize(1);
    }

    @Test
    void aDroppedStep_givesBackTheBytesOfItsPictures() {
        HandoffQueue queue = opened(1, 100);
        queue.record(step(0));
        queue.record(step(100));

        assertThat(queue.pictureBytes()).isZero();
        assertThat(counts.droppedSteps.byKey()).isEqualTo(Map.of("queue_full", 1L));
        assertThat(counts.droppedScreenshots.byKey()).isEmpty();
    }

    @Test
    void whatIsOfferedAfterTheLastPoll_isCounted() {
        HandoffQueue queue = opened(10, 100);
        queue.record(step(60));
        queue.close();
        queue.finish();
        queue.record(step(60));
        queue.record(step(0));

        assertThat(counts.droppedSteps.byKey()).isEqualTo(Map.of("closed", 3L));
        assertThat(counts.droppedScreenshots.byKey()).isEmpty();
        assertThat(queue.size()).isZero();
        assertThat(queue.pictureBytes()).isZero();
    }

    @Test
    void whatWasTaken_isWritten_onceTheNextIsAskedFor() throws Exception {
        HandoffQueue queue = opened(10, 100);
        queue.record(step(0));
        queue.record(step(0));
        int place = queue.place();
        CompletableFuture<Boolean> written = CompletableFuture.supplyAsync(() -> isWritten(queue, place));
        queue.poll(AT_ONCE);
        queue.poll(AT_ONCE);
        assertThat(queue.isWritten(place)).isFalse();
        assertThat(queue.awaitWritten(place, Duration.ofMillis(1))).isFalse();
        queue.poll(AT_ONCE);

        assertThat(written.get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(queue.isWritten(place)).isTrue();
    }

    private static boolean isWritten(HandoffQueue queue, int place) {
        try {
            return queue.awaitWritten(place, SOON);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** A queue whose task is open, and its start taken. */
    private HandoffQueue opened(int maxSteps, long maxPictureBytes) {
        HandoffQueue queue = new HandoffQueue(maxSteps, maxPictureBytes, SOON);
        assertThat(queue.begin(task)).isTrue();
        assertThat(queue.poll(AT_ONCE)).isEqualTo(new TrackerEvent.Started(task));
        return queue;
    }

    private static TrackerEvent.Recorded recorded(HandoffQueue queue) {
        return (TrackerEvent.Recorded) queue.poll(AT_ONCE);
    }

    private static StepData step(int pictureBytes) {
        StepData.Builder step = StepData.ofType("x");
        return (pictureBytes == 0 ? step : step.frame(FrameRole.BEFORE, new byte[pictureBytes], false)).build();
    }
}
