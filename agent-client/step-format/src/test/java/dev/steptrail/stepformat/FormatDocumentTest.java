package dev.steptrail.stepformat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checks the examples and tables of FORMAT.md. */
class FormatDocumentTest {
    private static final Path FORMAT = Path.of("FORMAT.md");

    @Test
    void exampleTask_containsValidRecordsInOrder() throws Exception {
        List<StepRecord> records = records(example("steps.jsonl"));

        assertThat(records)
                .extracting(record -> record.getClass().getSimpleName())
                .containsExactly("TaskStarted", "Step", "Losses", "Step", "TaskEnded");
        assertThat(((Step) records.get(1)).errorMessage()).isEqualTo("App not found: 天气");
        assertThat(records.get(3).unknown()).containsOnlyKeys("x_battery");
    }

    @Test
    void examplePython_writesTask(@TempDir Path outbox) throws Exception {
        boolean windows = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("windows");
        assumeTrue(
                !windows && runs("python3", "--version"),
                "skipped: the Python example needs python3 on Linux or macOS");
        Path png = Files.write(outbox.resolve("screen.png"), new byte[] {1, 2, 3});
        Path script = Files.writeString(outbox.resolve("outbox.py"), example("outbox.py"));

        Process python = new ProcessBuilder("python3", script.toString(), outbox.toString())
                .redirectInput(png.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(python.waitFor()).as(output).isZero();

        List<Path> tasks;
        try (Stream<Path> files = Files.list(outbox)) {
            tasks = files.filter(Files::isDirectory).toList();
        }
        assertThat(tasks).hasSize(1);
        Path task = tasks.get(0);
        List<StepRecord> records = records(Files.readString(task.resolve("steps.jsonl")));
        assertThat(records)
                .allMatch(record ->
                        record.taskId().toString().equals(task.getFileName().toString()))
                .allMatch(record ->
                        record.taskId().version() == 7 && record.taskId().variant() == 2);
        assertThat(records).hasSize(3);
        assertThat(((Step) records.get(1)).frames())
                .allSatisfy(frame -> assertThat(task.resolve(frame.file())).hasSameBinaryContentAs(png))
                .hasSize(1);
    }

    @Test
    void tables_matchSchema() throws IOException {
        String document = Files.readString(FORMAT);
        JsonNode schema = RecordSchema.json();

        assertThat(table(document, "Every record has:")).isEqualTo(fields(schema));
        for (String kind : List.of("task_started", "step", "losses", "task_ended", "verdict")) {
            assertThat(table(document, "### `" + kind + "`")).isEqualTo(fields(schema.at("/$defs/" + kind)));
        }
        assertThat(table(document, "An element of `frames`:")).isEqualTo(fields(schema.at("/$defs/frame")));
        List<String> screenshot = fields(schema.at("/$defs/screenshot"));
        screenshot.replaceAll(field -> field.replace("role required", "role"));
        assertThat(table(document, "An element of `screenshots`:")).isEqualTo(screenshot);
        assertThat(table(document, "The fields of `usage`:")).isEqualTo(fields(schema.at("/$defs/usage")));
        assertThat(table(document, "An element of `attachments`:")).isEqualTo(fields(schema.at("/$defs/attachment")));
    }

    private static List<StepRecord> records(String lines) throws Exception {
        List<StepRecord> records = new ArrayList<>();
        for (String line : lines.lines().toList()) {
            byte[] json = line.getBytes(StandardCharsets.UTF_8);
            assertThat(RecordSchema.errors(json)).as(line).isEmpty();
            records.add(RecordCodec.decode(json));
        }
        return records;
    }

    private static String example(String name) throws IOException {
        Matcher block = Pattern.compile(
                        "<!-- example: " + Pattern.quote(name) + " -->\n```[a-z]+\n(.*?)```\n", Pattern.DOTALL)
                .matcher(Files.readString(FORMAT));
        assertThat(block.find()).as("example " + name).isTrue();
        return block.group(1);
    }

    /** Returns the fields of the first table after {@code heading}, sorted, with the suffix " required". */
    private static List<String> table(String document, String heading) {
        int start = document.indexOf(heading);
        assertThat(start).as(heading).isNotNegative();
        return document.substring(start)
                .lines()
                .dropWhile(line -> !line.startsWith("| `"))
                .takeWhile(line -> line.startsWith("| `"))
                .flatMap(FormatDocumentTest::row)
                .sorted()
                .toList();
    }

    private static Stream<String> row(String line) {
        String[] cells = line.split(" *\\| *", -1);
        String required = cells[3].equals("required") ? " required" : "";
        return Pattern.compile("`(\\w+)`")
                .matcher(cells[1])
                .results()
                .map((MatchResult name) -> name.group(1) + required);
    }

    private static List<String> fields(JsonNode schema) {
        List<String> required = new ArrayList<>();
        schema.path("required").forEach(name -> required.add(name.asText()));
        List<String> fields = new ArrayList<>();
        schema.path("properties").fieldNames().forEachRemaining(fields::add);
        return fields.stream()
                .map(name -> required.contains(name) ? name + " required" : name)
                .sorted()
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private static boolean runs(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException absent) {
            return false;
        }
    }
}
