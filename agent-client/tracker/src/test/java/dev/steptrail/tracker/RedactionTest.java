package dev.steptrail.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Losses;
import dev.steptrail.stepformat.Region;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.tracker.picture.Pictures;
import dev.steptrail.tracker.picture.Redaction;
import java.awt.Color;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What must not be kept does not come into the outbox, and what decides that may fail in any way. */
class RedactionTest {
    private static final int BLACK = Color.BLACK.getRGB();
    private static final Rectangle REGION = new Rectangle(10, 20, 30, 40);

    @TempDir
    Path outbox;

    @Test
    void whatTheAgentRedacts_isBlackInTheOutbox() throws Exception {
        Screen screen = Screen.ofImage(Pictures.striped(BufferedImage.TYPE_INT_RGB), true);

        Recorded recorded = recorded(StepTracker.builder(outbox), framed(screen.redact(REGION)));

        Frame frame = onlyFrame(recorded);
        assertThat(frame.redactedRegions()).containsExactly(new Region(10, 20, 30, 40));
        assertThat(frame.sensitive()).isTrue();
        BufferedImage written = written(recorded, frame);
        assertThat(Pictures.pixels(written, 10, 20, 30, 40)).containsOnly(BLACK);
        assertThat(Pictures.pixels(written, 0, 100, 300, 100))
                .isEqualTo(Pictures.pixels(Pictures.decoded(screen.png()), 0, 100, 300, 100));
    }

    @Test
    void aRegionThatIsNull_isAllOfThePicture() throws Exception {
        Screen screen = Screen.ofImage(Pictures.striped(BufferedImage.TYPE_INT_RGB), false);

        Recorded recorded = recorded(
                StepTracker.builder(outbox),
                StepData.ofType("x")
                        .frame(FrameRole.BEFORE, screen.redact((Rectangle) null))
                        .frame(FrameRole.AFTER, screen.redact((Rectangle[]) null)));

        assertThat(recorded.steps().get(0).frames()).hasSize(2).allSatisfy(frame -> {
            assertThat(frame.redactedRegions()).containsExactly(new Region(0, 0, 300, 200));
            assertThat(Pictures.pixels(written(recorded, frame))).containsOnly(BLACK);
        });
    }

    @Test
    void theHook_seesThePictureAndItsStep_onTheWriterThread() throws Exception {
        List<StepContext> seen = new ArrayList<>();
        List<String> threads = new ArrayList<>();

        Recorded recorded = recorded(
                StepTracker.builder(outbox).redactScreenshots((picture, step) -> {
                    seen.add(step);
                    threads.add(Thread.currentThread().getName());
                    return List.of(Redaction.blur(new Rectangle(picture.image().getWidth() - 48, 0, 48, 48)));
                }),
                StepData.action(Map.of("app", "Bank"))
                        .thinking("I pay")
                        .frame(
                                FrameRole.AFTER,
                                Screen.ofImage(Pictures.striped(BufferedImage.TYPE_INT_RGB), true)
                                        .redact(REGION)));

        UUID task = recorded.started().taskId();
        assertThat(seen)
                .containsExactly(
                        new StepContext(task, 1, "action", FrameRole.AFTER, true, "I pay", Map.of("app", "Bank")));
        assertThat(threads).containsExactly("steptrail-writer");
        Frame frame = onlyFrame(recorded);
        assertThat(frame.redactedRegions()).containsExactly(new Region(10, 20, 30, 40), new Region(252, 0, 48, 48));
        BufferedImage written = written(recorded, frame);
        assertThat(Pictures.pixels(written, 10, 20, 30, 40)).containsOnly(BLACK);
        assertThat(Pictures.pixels(written, 252, 0, 48, 48)).containsOnly(new Color(127, 100, 127).getRGB());
    }

    static Stream<Arguments> failingRedactors() {
        return Stream.<ScreenshotRedactor>of(
                        (picture, step) -> {
                            throw new IllegalStateException("broken");
                        },
                        (picture, step) -> {
                            throw new Exception("broken");
                        },
                        (picture, step) -> {
                            throw new StackOverflowError("broken");
                        },
                        (picture, step) -> {
                            throw new IllegalStateException() {
                                @Override
                                public String toString() {
                                    throw new AssertionError("broken itself");
                                }
                            };
                        },
                        (picture, step) -> {
                            Thread.currentThread().interrupt();
                            throw new InterruptedException("broken");
                        },
                        (picture, step) -> null,
                        (picture, step) -> Collections.singletonList(null))
                .map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("failingRedactors")
    void aPictureOnWhichTheHookFails_isNotRecorded_andItsStepIs(ScreenshotRedactor redactor) throws Exception {
        Recorded recorded = recorded(
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
    }

    @Test
    void aPictureThatTheHookCannotDecode_isNoPicture() throws Exception {
        byte[] cut = Arrays.copyOf(Pngs.ofSize(300, 200), 60);

        Recorded recorded = recorded(
                StepTracker.builder(outbox).redactScreenshots((picture, step) -> {
                    assertThat(picture.image()).isNotNull();
                    return List.of();
                }),
                StepData.ofType("x").frame(FrameRole.BEFORE, cut, false));

        assertThat(recorded.losses())
                .extracting(Losses::droppedScreenshots)
                .containsExactly(Map.of("not_an_image", 1L));
        assertThat(framesOf(recorded)).isEmptyDirectory();
    }

    @Test
    void aHookThatTakesItsTime_doesNotHoldUpTheAgent() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        try (StepTracker tracker = StepTracker.builder(outbox)
                .redactScreenshots((picture, step) -> {
                    answer.await();
                    return List.of();
                })
                .build()) {
            UUID task = tracker.taskStarted(TaskInfo.of("do it"));
            for (int number = 1; number <= 5; number++) {
                assertThat(tracker.record(StepData.ofType("x")
                                .frame(FrameRole.BEFORE, Pngs.ofSize(3, 2), false)
                                .build()))
                        .isEqualTo(number);
            }
            assertThat(Files.exists(outbox.resolve(task + "/frames/1-before.png")))
                    .isFalse();
            answer.countDown();
            tracker.flush(Duration.ofSeconds(20));
            assertThat(Recorded.of(outbox, task).steps())
                    .hasSize(5)
                    .allMatch(step -> step.frames().size() == 1);
        }
    }

    @Test
    void texts_areThoseThatTheRedactorGives() throws Exception {
        Recorded recorded = recorded(
                StepTracker.builder(outbox).redactTexts(text -> text.replaceAll("\\d", "#")),
                StepData.action(Map.of("type 1", "call 555", "numbers", List.of("1", 2, Map.of("deep", "3"))))
                        .thinking("her number is 555")
                        .actionResult(Map.of("message", "called 555"))
                        .failed("555 is busy"));

        Step step = recorded.steps().get(0);
        assertThat(step.thinking()).isEqualTo("her number is ###");
        assertThat(step.action())
                .containsOnly(entry("type 1", "call ###"), entry("numbers", List.of("#", "#", Map.of("deep", "#"))));
        assertThat(step.actionResult()).isEqualTo(Map.of("message", "called ###"));
        assertThat(step.errorMessage()).isEqualTo("### is busy");
        assertThat(step.unknown()).isEmpty();
        assertThat(recorded.started().description()).isEqualTo("call ###");
        assertThat(recorded.started().metadata()).isEqualTo(Map.of("note", "#"));
        assertThat(recorded.ended().message()).isEqualTo("called ###");
    }

    @Test
    void aHookThatLeavesItsThreadInterrupted_costsNothing() throws Exception {
        Recorded recorded = recorded(
                StepTracker.builder(outbox)
                        .redactScreenshots((picture, step) -> {
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

    @Test
    void aTextOnWhichTheRedactorFails_isNotRecorded_andTheRestIs() throws Exception {
        UnaryOperator<String> picky = text -> {
            if (text.contains("555")) {
                throw new IllegalArgumentException(text);
            }
            return text;
        };
        Recorded recorded = recorded(
                StepTracker.builder(outbox).redactTexts(picky),
                StepData.action(Map.of("call", List.of("555")))
                        .thinking("her number is 555")
                        .failed("busy"));

        Step step = recorded.steps().get(0);
        assertThat(step.thinking()).isNull();
        assertThat(step.action()).isNull();
        assertThat(step.errorMessage()).isEqualTo("busy");
        assertThat(step.unknown()).isEqualTo(Map.of("withheld_fields", List.of("thinking", "action")));
        assertThat(recorded.started().description()).isNull();
        assertThat(recorded.started().unknown()).isEqualTo(Map.of("withheld_fields", List.of("description")));
        assertThat(recorded.ended().unknown()).isEqualTo(Map.of("withheld_fields", List.of("message")));
        assertThat(Files.readString(outbox.resolve(recorded.started().taskId() + "/steps.jsonl")))
                .doesNotContain("555");
    }

    @Test
    void aTextForWhichTheRedactorGivesNull_isLeftOut() throws Exception {
        Recorded recorded = recorded(
                StepTracker.builder(outbox).redactTexts(text -> null),
                StepData.action(Map.of("call", "555")).thinking("x"));

        Step step = recorded.steps().get(0);
        assertThat(step.thinking()).isNull();
        assertThat(step.action()).containsOnlyKeys("call").containsEntry("call", null);
        assertThat(step.unknown()).isEmpty();
    }

    @Test
    void whatIsWithheld_isCounted() throws Exception {
        try (StepTracker tracker = StepTracker.builder(outbox)
                .redactTexts(text -> {
                    throw new IllegalStateException();
                })
                .redactScreenshots((picture, step) -> {
                    throw new IllegalStateException("hook");
                })
                .build()) {
            tracker.taskStarted(TaskInfo.of("do it"));
            tracker.record(StepData.action(Map.of("a", "b"))
                    .thinking("t")
                    .frame(FrameRole.BEFORE, Pngs.ofSize(1, 1), false)
                    .build());
            tracker.flush(Duration.ofSeconds(20));

            TrackerStats stats = tracker.stats();
            assertThat(stats.withheldTexts()).isEqualTo(3);
            assertThat(stats.droppedScreenshots()).isEqualTo(Map.of("redaction_failed", 1L));
            assertThat(stats.droppedSteps()).isEmpty();
            assertThat(stats.written()).isEqualTo(1);
            assertThat(stats.lastError())
                    .contains("the redactor fails")
                    .contains("IllegalStateException")
                    .doesNotContain("hook");
        }
    }

    private Recorded recorded(StepTrackerBuilder builder, StepData.Builder step) throws Exception {
        UUID task;
        try (StepTracker tracker = builder.build()) {
            task = tracker.taskStarted(TaskInfo.of("call 555").withMetadata(Map.of("note", "5")));
            tracker.record(step.build());
            tracker.taskEnded(TaskStatus.SUCCEEDED, "called 555");
            assertThat(tracker.flush(Duration.ofSeconds(20))).isTrue();
        }
        return Recorded.of(outbox, task);
    }

    private static StepData.Builder framed(Screen screen) {
        return StepData.ofType("x").frame(FrameRole.BEFORE, screen);
    }

    private static Frame onlyFrame(Recorded recorded) {
        List<Frame> frames = recorded.steps().get(0).frames();
        assertThat(frames).hasSize(1);
        return frames.get(0);
    }

    private BufferedImage written(Recorded recorded, Frame frame) throws Exception {
        return Pictures.decoded(Files.readAllBytes(
                outbox.resolve(recorded.started().taskId().toString()).resolve(frame.file())));
    }

    private Path framesOf(Recorded recorded) {
        return outbox.resolve(recorded.started().taskId() + "/frames");
    }
}
