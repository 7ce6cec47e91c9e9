package dev.steptrail.stepformat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Records as files that both recorders test: {@code java.jsonl} has the lines of {@link RecordCodec},
 * {@code python.jsonl} those of the Python package.
 */
class GoldenRecordsTest {
    private static final UUID TASK = UUID.fromString("0190163d-8694-739b-aea5-966c26f8ad91");
    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.000500Z");

    /** {@code -Dsteptrail.golden=FILE} writes the lines after an intended change of the format. */
    @Test
    void linesOfJava_areUnchanged() throws Exception {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (StepRecord record : records()) {
            lines.write(RecordCodec.encode(record));
            lines.write('\n');
        }
        String file = System.getProperty("steptrail.golden");
        if (file != null) {
            Files.write(Path.of(file), lines.toByteArray());
        }

        assertThat(lines.toString(StandardCharsets.UTF_8)).isEqualTo(read("java.jsonl"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"java.jsonl", "python.jsonl"})
    void lines_areDecodedWithoutLoss(String file) throws Exception {
        List<String> lines = read(file).lines().toList();

        assertThat(lines).hasSize(5);
        for (String line : lines) {
            byte[] json = line.getBytes(StandardCharsets.UTF_8);
            assertThat(RecordSchema.errors(json)).as(line).isEmpty();
            StepRecord record = RecordCodec.decode(json);
            byte[] encoded = RecordCodec.encode(record);
            assertThat(RecordCodec.decode(encoded)).isEqualTo(record);
            assertThat(RecordSchema.JSON.readTree(encoded))
                    .isEqualTo(RecordSchema.JSON.readTree(line.replace("+00:00\"", "Z\"")));
        }
    }

    private static List<StepRecord> records() {
        Frame frame = new Frame(
                FrameRole.BEFORE,
                "frames/1-before.png",
                1080,
                2400,
                true,
                List.of(new Region(0, 0, 1080, 90)),
                TIME,
                Map.of());
        ModelCall call = new ModelCall(Usage.of(1200, 1000, 34), List.of(Map.of("role", "user")), "Tap");
        return List.of(
                new TaskStarted(
                        TASK,
                        TIME,
                        "weather",
                        "查一下今天的天气",
                        "my-agent",
                        "autoglm-phone-9b",
                        "emulator-5554",
                        UUID.fromString("019b1ed6-ce02-7a41-b1c5-2f8a90d3e671"),
                        null,
                        Map.of("lab", "north"),
                        new ExperimentCase("nightly/weather", "weather-1", 2, Map.of("app_version", "8.1")),
                        List.of(),
                        Map.of()),
                new Step(
                        TASK,
                        TIME,
                        1,
                        StepType.ACTION,
                        "thinking",
                        Map.of("element", List.of(499, 842)),
                        Map.of("success", false),
                        Duration.ofMillis(3120),
                        false,
                        "App not found: 天气",
                        Map.of("action_ms", 820),
                        Map.of("memory", 1.5),
                        call,
                        List.of(),
                        List.of(frame),
                        List.of(),
                        Map.of("current_app", "天气")),
                new Losses(TASK, TIME, Map.of("queue_full", 3L), Map.of("not_an_image", 1L), Map.of()),
                new TaskEnded(
                        TASK,
                        TIME,
                        TaskStatus.FAILED,
                        EndReason.MAX_STEPS,
                        "There is no weather app.",
                        4,
                        List.of(),
                        Map.of()),
                new Verdict(
                        TASK, TIME, "quality", new VerdictValue.Score(0.75), "judge", "1.2", "it is open", Map.of()));
    }

    private static String read(String file) throws IOException {
        try (InputStream content = GoldenRecordsTest.class.getResourceAsStream("/golden/" + file)) {
            return new String(content.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
