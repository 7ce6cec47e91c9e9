package dev.steptrail.phone.autoglm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Fuzzes the parser with Jazzer in a separate process, guided by coverage. {@link FuzzActionParser} contains the
 * properties that must hold.
 */
@Tag("nightly")
class ActionParserFuzzTest {
    /**
     * The duration, set by {@code -Dsteptrail.fuzz}; 0 runs {@value #DEFAULT_RUNS} inputs, however busy the machine is.
     */
    private static final int SECONDS = Integer.getInteger("steptrail.fuzz", 0);

    private static final int DEFAULT_RUNS = 20_000;

    private static final List<String> SEEDS = List.of(
            "<think>a</think>\n<answer>do(action=\"Tap\", element=[499,842])</answer>",
            "do(action=\"Type\", text=\"say \"hi\"\")",
            "do(action='Swipe', start=(1, -2.5), end=[+3e1, 4],)",
            "do(action=\"Note\", message=\"\\\"\\n\\x41\\u4f60\\U0001F600\\101\", flags={'a': None, \"b\": [True, False]})",
            "do(action=\"Type_Name\", text=\" a\\n\n \")",
            "finish(message=\"done (\"really\")\")",
            "1 < 2\ndo(action=\"Home\")",
            "<answer>finish( )</answer>");

    @Test
    void parse_anyReply_isParsedOrUnparseable(@TempDir Path folder) throws Exception {
        Path corpus = Files.createDirectory(folder.resolve("corpus"));
        for (int i = 0; i < SEEDS.size(); i++) {
            Files.writeString(corpus.resolve("seed-" + i), SEEDS.get(i));
        }
        Path output = folder.resolve("output.txt");
        int status = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "com.code_intelligence.jazzer.Jazzer",
                        "--target_class=" + FuzzActionParser.class.getName(),
                        "--instrumentation_includes=dev.steptrail.phone.autoglm.**",
                        "--reproducer_path=" + folder,
                        "-artifact_prefix=" + folder + "/",
                        SECONDS > 0 ? "-max_total_time=" + SECONDS : "-runs=" + DEFAULT_RUNS,
                        "-max_len=4096",
                        "-timeout=30",
                        "-print_final_stats=1",
                        corpus.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start()
                .waitFor();

        String log = Files.readString(output, StandardCharsets.ISO_8859_1);
        assertThat(status).as(log).isZero();
        assertThat(log).doesNotContain("== Java Exception");
        Matcher inputs =
                Pattern.compile("stat::number_of_executed_units: (\\d+)").matcher(log);
        assertThat(inputs.find()).as(log).isTrue();
        assertThat(Integer.parseInt(inputs.group(1))).as("executed inputs").isGreaterThan(100);
    }
}
