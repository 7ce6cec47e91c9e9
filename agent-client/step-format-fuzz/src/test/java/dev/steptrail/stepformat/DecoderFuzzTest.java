package dev.steptrail.stepformat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fuzzes the decoders with Jazzer, guided by coverage. {@link FuzzDecoder} contains the properties that must hold. */
@Tag("slow")
class DecoderFuzzTest {
    /**
     * The duration, set by {@code -Dsteptrail.fuzz}; 0 runs {@value #DEFAULT_RUNS} inputs, however busy the machine is.
     */
    private static final int SECONDS = Integer.getInteger("steptrail.fuzz", 0);

    private static final int DEFAULT_RUNS = 2000;

    /** In short runs, the optimizing compiler (tier 4) costs more time than it saves. */
    private static final int COMPILER_TIER = SECONDS < 60 ? 1 : 4;

    private static final int MAX_INPUT = 64 * 1024;
    private static final String HEAP = "-Xmx256m";
    /** Includes the instrumentation of all classes during the first input, which is slow on a busy machine. */
    private static final int MAX_SECONDS_PER_INPUT = 30;

    @Test
    void decode_anyBytes_isDecodedOrRejected(@TempDir Path folder) throws Exception {
        Path corpus = Files.createDirectory(folder.resolve("corpus"));
        writeSeeds(corpus);

        Process fuzzer = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        HEAP,
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=" + COMPILER_TIER,
                        "-cp",
                        System.getProperty("java.class.path"),
                        "com.code_intelligence.jazzer.Jazzer",
                        "--target_class=" + FuzzDecoder.class.getName(),
                        "--instrumentation_includes=dev.steptrail.**:com.fasterxml.jackson.core.**",
                        "--reproducer_path=" + folder,
                        "-artifact_prefix=" + folder + "/",
                        SECONDS > 0 ? "-max_total_time=" + SECONDS : "-runs=" + DEFAULT_RUNS,
                        "-max_len=" + MAX_INPUT,
                        "-timeout=" + MAX_SECONDS_PER_INPUT,
                        "-print_final_stats=1",
                        corpus.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(fuzzer.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(fuzzer.waitFor()).as(output).isZero();
        assertThat(output).doesNotContain("== Java Exception");
        Matcher inputs =
                Pattern.compile("stat::number_of_executed_units: (\\d+)").matcher(output);
        assertThat(inputs.find()).as(output).isTrue();
        assertThat(Integer.parseInt(inputs.group(1))).as("executed inputs").isGreaterThan(100);
    }

    /** Writes valid records and messages as the initial corpus. */
    private static void writeSeeds(Path corpus) throws IOException {
        TaskRecords records = new TaskRecords(UuidV7.at(TaskRecords.TIME));
        Step step = records.step(
                1, "a \u0000 and 相机 📷", Map.of("x", List.of(1, 1.50, 1e300, true)), frame("frames/1-before.png"));
        Losses losses = new Losses(records.task(), TaskRecords.TIME, Map.of("disk_full", 1L), Map.of(), Map.of());
        List<byte[]> encoded = List.of(
                RecordCodec.encode(records.started()),
                RecordCodec.encode(step),
                RecordCodec.encode(step.withScreenshots(List.of(screenshot()), List.of())),
                RecordCodec.encode(losses),
                RecordCodec.encode(records.ended()));
        for (int i = 0; i < encoded.size(); i++) {
            Files.write(corpus.resolve("record-" + i), encoded.get(i));
        }
        byte[] message = MessageCodec.encode(encoded.subList(0, 2)).text().getBytes(StandardCharsets.UTF_8);
        Files.write(corpus.resolve("message"), message);
        Files.write(corpus.resolve("gzip"), Gzip.compress(message));
    }

    private static Frame frame(String file) {
        return new Frame(FrameRole.BEFORE, file, 1080, 2400, true, List.of(new Region(0, 0, 1, 1)), null, Map.of());
    }

    private static Screenshot screenshot() {
        return new Screenshot(
                FrameRole.AFTER,
                "screenshots/a.webp",
                "0".repeat(64),
                1,
                2,
                1080,
                2400,
                "webp",
                true,
                false,
                List.of(new Region(0, 0, 1, 1)),
                "0f",
                "screenshots/b.webp",
                TaskRecords.TIME,
                Map.of("x", 1));
    }
}
