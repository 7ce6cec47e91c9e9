package dev.steptrail.shipper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.shipper.fixture.MovableClock;
import dev.steptrail.shipper.fixture.Screens;
import dev.steptrail.shipper.internal.screenshot.Encoders;
import dev.steptrail.shipper.internal.screenshot.WebpEncoder;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Step;
import dev.steptrail.tracker.internal.outbox.TaskWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** An encoder program that hangs and ignores signals. */
@Tag("slow")
@Timeout(120)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs sh")
class HangingEncoderIT extends LocalAwsTestBase {
    private final MovableClock clock = new MovableClock();
    private Path hangs;
    private Path program;
    private WebpEncoder encoder;

    @BeforeEach
    void replaceEncoder() throws IOException {
        hangs = Files.createFile(folder.resolve("hangs"));
        program = Files.writeString(folder.resolve("encoder"), """
                #!/bin/sh
                size=$(wc -c)
                if [ $size -gt 2000 ]; then echo >>'%1$s.tries'; fi
                if [ -e '%1$s.all' ] || { [ -e '%1$s' ] && [ $size -gt 2000 ]; }; then
                  if [ -e '%1$s.once' ]; then rm '%1$s'; fi
                  sleep 300
                fi
                echo webp
                """.formatted(hangs));
        assertThat(program.toFile().setExecutable(true)).isTrue();
        encoder = Encoders.of(program, Duration.ofSeconds(1));
        try (TaskWriter writer = outbox.newTask(task.task())) {
            writer.append(task.started());
            for (int number = 1; number <= 2; number++) {
                writer.append(task.step(
                        number, "", writer.writeFrame(number, FrameRole.BEFORE, Screens.drawn(1), false, null)));
            }
            writer.append(task.ended());
        }
    }

    @Test
    void encoderHangsOnce_screenshotIsStored() throws Exception {
        Files.createFile(hangs.resolveSibling("hangs.once"));
        try (Shipper shipper = open()) {
            shipper.shipAll();

            assertThat(shipper.counts().screenshots()).isEqualTo(2);
            assertThat(shipper.counts().lostScreenshots()).isZero();
        }
        assertThat(outbox.tasks()).isEmpty();
    }

    @Test
    void encoderHangsThreeTimes_screenshotIsLost_andTaskContinues() throws Exception {
        try (Shipper shipper = open()) {
            shipper.shipAll();

            assertThat(shipper.counts().screenshots()).isZero();
            assertThat(shipper.counts().lostScreenshots()).isEqualTo(2);
        }
        String reason = "the encoder timed out on the screenshot 3 times";
        assertThat(aws.records()).filteredOn(Step.class::isInstance).hasSize(2).allSatisfy(step -> assertThat(
                        ((Step) step).unknown())
                .isEqualTo(Map.of("lost_screenshots", List.of(Map.of("role", "before", "reason", reason)))));
        assertThat(Files.readAllLines(hangs.resolveSibling("hangs.tries"))).hasSize(3);
        assertThat(outbox.tasks()).isEmpty();
    }

    @Test
    void encoderHangsOnEveryScreenshot_noScreenshotIsLost() throws Exception {
        Files.createFile(hangs.resolveSibling("hangs.all"));
        encoder = Encoders.of(program, Duration.ofMillis(200));
        try (Shipper shipper = open()) {
            for (int look = 1; look <= 3; look++) {
                assertKept(shipper);
            }
        }
    }

    private void assertKept(Shipper shipper) throws Exception {
        assertThatThrownBy(shipper::shipAll)
                .isInstanceOf(IOException.class)
                .hasMessageContaining(task.task() + " is not shipped: ")
                .hasMessageContaining("did not exit within");
        assertThat(aws.records()).isEmpty();
        assertThat(steps().resolveSibling("frames/1-before.png")).exists();
        clock.forward(60);
    }

    private Shipper open() throws IOException {
        return Shipper.open(outbox, ShipperSettings.from(aws.environment()), encoder, clock)
                .orElseThrow();
    }
}
