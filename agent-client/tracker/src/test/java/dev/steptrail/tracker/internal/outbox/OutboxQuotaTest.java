package dev.steptrail.tracker.internal.outbox;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutboxQuotaTest {
    private static final Duration ALWAYS = Duration.ZERO;
    private static final Duration NEVER = Duration.ofHours(1);
    private static final long MAX = 64_000;
    private static final long PICTURES = 56_000;
    private static final long STEPS = 63_000;

    @TempDir
    Path folder;

    @Test
    void screenshotsReachTheirLimitFirst_thenSteps() throws IOException {
        OutboxQuota quota = quota(NEVER, NEVER);
        quota.requireForScreenshot(PICTURES);
        assertFull(() -> quota.requireForScreenshot(PICTURES + 1));
        quota.requireForStep(STEPS);
        assertFull(() -> quota.requireForStep(STEPS + 1));

        quota.add(PICTURES);
        assertFull(() -> quota.requireForScreenshot(1));
        quota.requireForStep(STEPS - PICTURES);
        quota.add(STEPS - PICTURES);
        assertFull(() -> quota.requireForStep(0));
    }

    @Test
    void filesOfOtherWriters_count_butLinksAreNotFollowed(@TempDir Path elsewhere) throws IOException {
        Files.createDirectories(folder.resolve("task/frames"));
        Files.write(folder.resolve("task/frames/1-before.png"), new byte[30_000]);
        Files.write(folder.resolve("task/steps.jsonl"), new byte[20_000]);
        Files.createSymbolicLink(folder.resolve("link"), elsewhere);
        OutboxQuota quota = quota(NEVER, NEVER);

        quota.requireForScreenshot(5_000);
        assertFull(() -> quota.requireForScreenshot(6_001));
    }

    @Test
    void spaceFreedByAShipper_isAvailableAfterTheNextMeasurement() throws Exception {
        Path frame = Files.write(folder.resolve("frame"), new byte[(int) PICTURES]);
        OutboxQuota looking = quota(ALWAYS, NEVER);
        OutboxQuota blind = quota(NEVER, NEVER);
        assertFull(() -> looking.requireForScreenshot(1));
        assertFull(() -> blind.requireForScreenshot(1));
        Files.delete(frame);
        Thread.sleep(500); // so that to look again takes no more than its share of the time

        assertThatCode(() -> looking.requireForScreenshot(PICTURES)).doesNotThrowAnyException();
        assertFull(() -> blind.requireForScreenshot(1));
    }

    @Test
    void aMissingOutbox_isNotFull() {
        assertThatCode(() -> new OutboxQuota(folder.resolve("away"), MAX).requireForScreenshot(PICTURES))
                .doesNotThrowAnyException();
    }

    private OutboxQuota quota(Duration often, Duration seldom) {
        return new OutboxQuota(folder, MAX, often, seldom);
    }

    private static void assertFull(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(OutboxFullException.class)
                .hasMessageContaining("has reached its limit of 64000 bytes (maxOutboxBytes)");
    }
}
