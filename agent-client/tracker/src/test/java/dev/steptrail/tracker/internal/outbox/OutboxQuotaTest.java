package dev.steptrail.tracker.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutboxQuotaTest {
    private static final Duration ALWAYS = Duration.ZERO;
    private static final Duration NEVER = Duration.ofHours(1);
    private static final long MAX = 64_000;
    private static final long SCREENSHOT_LIMIT = 56_000;
    private static final long STEP_LIMIT = 63_000;

    @TempDir
    Path folder;

    @Test
    void screenshotsReachTheirLimitFirst_thenSteps() throws IOException {
        OutboxQuota quota = quota(NEVER, NEVER);
        quota.requireForScreenshot(SCREENSHOT_LIMIT);
        assertFull(() -> quota.requireForScreenshot(SCREENSHOT_LIMIT + 1));
        quota.requireForStep(STEP_LIMIT);
        assertFull(() -> quota.requireForStep(STEP_LIMIT + 1));

        quota.add(SCREENSHOT_LIMIT);
        assertFull(() -> quota.requireForScreenshot(1));
        quota.requireForStep(STEP_LIMIT - SCREENSHOT_LIMIT);
        quota.add(STEP_LIMIT - SCREENSHOT_LIMIT);
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
        Path frame = Files.write(folder.resolve("frame"), new byte[(int) SCREENSHOT_LIMIT]);
        OutboxQuota measuring = quota(ALWAYS, NEVER);
        OutboxQuota notMeasuring = quota(NEVER, NEVER);
        assertFull(() -> measuring.requireForScreenshot(1));
        assertFull(() -> notMeasuring.requireForScreenshot(1));
        Files.delete(frame);
        Thread.sleep(500); // longer than the minimum pause after the first measurement

        assertThatCode(() -> measuring.requireForScreenshot(SCREENSHOT_LIMIT)).doesNotThrowAnyException();
        assertFull(() -> notMeasuring.requireForScreenshot(1));
    }

    @Test
    void aMissingOutbox_isNotFull() {
        assertThatCode(() -> new OutboxQuota(folder.resolve("away"), MAX).requireForScreenshot(SCREENSHOT_LIMIT))
                .doesNotThrowAnyException();
    }

    @Test
    void anUnreadableFolder_isNotMeasured() throws Exception {
        assumeTrue(Files.getFileStore(folder).supportsFileAttributeView("posix"), "skipped: there are no modes here");
        Files.write(folder.resolve("one"), new byte[100]);
        Path closed = Files.createDirectory(folder.resolve("lost+found"));
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
        try {
            assertThat(FolderSize.measure(folder)).isEqualTo(100);
        } finally {
            Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
        }
    }

    private OutboxQuota quota(Duration intervalWhenFull, Duration interval) {
        return new OutboxQuota(folder, MAX, intervalWhenFull, interval);
    }

    private static void assertFull(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(OutboxFullException.class)
                .hasMessageContaining("has reached its limit of 64000 bytes (maxOutboxBytes)");
    }
}
