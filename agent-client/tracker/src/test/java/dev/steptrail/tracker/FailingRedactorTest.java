package dev.steptrail.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Losses;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Redactors that fail, are slow, or interrupt the thread. */
class FailingRedactorTest extends RedactionFixture {
    static Stream<ScreenshotRedactor> failingRedactors() {
        return Stream.of(
                (screenshot, step) -> {
                    throw new IllegalStateException("broken");
                },
                (screenshot, step) -> {
                    throw new Exception("broken");
                },
                (screenshot, step) -> {
                    throw new StackOverflowError("broken");
                },
                (screenshot, step) -> {
                    throw new IllegalStateException() {
                        @Override
                        public String toString() {
                            throw new AssertionError("broken itself");
                        }
                    };
                },
                (screenshot, step) -> {
                    Thread.currentThread().interrupt();
                    throw new InterruptedException("broken");
                },
                (screenshot, step) -> null,
                (screenshot, step) -> Collections.singletonList(null));
    }

    @ParameterizedTest
    @MethodSource("failingRedactors")
    void aScreenshotWhoseRedactorFails_isDropped_andItsStepIsRecorded(ScreenshotRedactor redactor) throws Exception {
        RecordedTask recorded = recorded(
                StepTracker.builder(outbox).redactScreenshots(redactor),
                StepData.action(Map.of("action", "Tap")).frame(FrameRole.BEFORE, Pngs.ofSize(3, 2), false));

        assertThat(recorded.steps()).singleElement().satisfies(step -> {
            assertThat(step.action()).isEqualTo(Map.of("action", "Tap"));
            assertThat(step.frames()).isEmpty();
        });
        assertThat(recorded.losses())
                .extracting(Losses::droppedScreenshots)
                .containsExactly(Map.of("redaction_failed", 1L));
        assertThat(framesOf(recorded)).isEmptyDirectory();
        assertThat(stats.droppedScreenshots()).isEqualTo(Map.of("redaction_failed", 1L));
        assertThat(stats.droppedSteps()).isEmpty();
        assertThat(stats.lastError()).contains("the screenshot redactor failed").doesNotContain("broken");
    }

    @Test
    void aScreenshotThatTheRedactorCannotDecode_countsAsNotAnImage() throws Exception {
        byte[] cut = Arrays.copyOf(Pngs.ofSize(300, 200), 60);

        RecordedTask recorded = recorded(
                StepTracker.builder(outbox).redactScreenshots((screenshot, step) -> {
                    assertThat(screenshot.image()).isNotNull();
                    return List.of();
                }),
                StepData.ofType("x").frame(FrameRole.BEFORE, cut, false));

        assertThat(recorded.losses())
                .extracting(Losses::droppedScreenshots)
                .containsExactly(Map.of("not_an_image", 1L));
        assertThat(framesOf(recorded)).isEmptyDirectory();
    }

    @Test
    void aSlowRedactor_doesNotDelayTheAgent() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        try (StepTracker tracker = StepTracker.builder(outbox)
                .redactScreenshots((screenshot, step) -> {
                    answer.await();
                    return List.of();
                })
                .build()) {
            TrackedTask task = tracker.startTask("do it");
            for (int number = 1; number <= 5; number++) {
                assertThat(task.record(StepData.ofType("x")
                                .frame(FrameRole.BEFORE, Pngs.ofSize(3, 2), false)
                                .build()))
                        .isEqualTo(number);
            }
            assertThat(Files.exists(outbox.resolve(task.id() + "/frames/1-before.png")))
                    .isFalse();
            answer.countDown();
            tracker.flush(Duration.ofSeconds(20));
            assertThat(RecordedTask.of(outbox, task).steps())
                    .hasSize(5)
                    .allMatch(step -> step.frames().size() == 1);
        }
    }

    @Test
    void aRedactorThatLeavesTheThreadInterrupted_losesNothing() throws Exception {
        RecordedTask recorded = recorded(
                StepTracker.builder(outbox)
                        .redactScreenshots((screenshot, step) -> {
                            Thread.currentThread().interrupt();
                            return List.of();
                        })
                        .redactTexts(text -> {
                            Thread.currentThread().interrupt();
                            return text;
                        }),
                StepData.action(Map.of("action", "Tap")).frame(FrameRole.BEFORE, Pngs.ofSize(3, 2), false));

        assertThat(recorded.steps()).singleElement().satisfies(step -> assertThat(step.frames())
                .hasSize(1));
        assertThat(recorded.losses()).isEmpty();
    }
}
