package dev.steptrail.stepformat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fuzzes the decoders with Jazzer, guided by coverage. {@link FuzzDecoder} contains the properties that must hold. */
@Tag("nightly")
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
        List<byte[]> records;
        try (InputStream golden = RecordCodec.class.getResourceAsStream("/golden/java.jsonl")) {
            records = new String(golden.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.getBytes(StandardCharsets.UTF_8))
                    .toList();
        }
        for (int i = 0; i < records.size(); i++) {
            Files.write(corpus.resolve("record-" + i), records.get(i));
        }
        byte[] message = MessageCodec.encode(records.subList(0, 2)).text().getBytes(StandardCharsets.UTF_8);
        Files.write(corpus.resolve("message"), message);
        Files.write(corpus.resolve("gzip"), Gzip.compress(message));
    }
}
