package dev.steptrail.tracker;

import dev.steptrail.stepformat.FrameRole;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Provides a tracker with a new outbox, and steps to record. */
abstract class TrackerFixture {
    static final Duration SOON = Duration.ofSeconds(10);

    @TempDir
    Path folder;

    Path outbox;
    StepTracker tracker;

    @BeforeEach
    void open() {
        outbox = folder.resolve("outbox");
        tracker = StepTracker.builder(outbox)
                .agent("agent")
                .model("model")
                .deviceId("device")
                .build();
    }

    @AfterEach
    void close() {
        tracker.close();
    }

    static StepData tap() {
        return StepData.action(Map.of("action", "Tap", "element", List.of(1, 2)))
                .succeeded()
                .build();
    }

    static StepData framed(byte[] png) {
        return StepData.action(Map.of("action", "Tap"))
                .frame(FrameRole.BEFORE, png, true)
                .build();
    }
}
