package dev.steptrail.operations;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.steptrail.stepformat.Sha256;
import dev.steptrail.store.TestRecords;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that an archive can be read with standard tools. */
class ArchiveFormatIT {
    /** Keys, numbers and white space in a form that no serializer would produce. */
    private static final String ODD =
            "{\"z\":1.10e0,\"a\":[1e2, 12345678901234567890, -0.0],\"\":\"\\u0041\\/\",\"a\":null}";

    @TempDir
    private static Path folder;

    private static ExpiredTasks tasks;
    private static UUID task;
    private static Path file;

    @BeforeAll
    static void archiveOne() throws IOException {
        tasks = new ExpiredTasks();
        task = tasks.task(3);
        tasks.database.execute("UPDATE task_steps SET duration_ms = 9223372036854775807, step_data = '" + ODD + "',"
                + " created_at = '2025-03-10T10:00:00.000001Z', error_message = chr(8) || '\\N' || chr(127) || chr(8232)"
                + " WHERE step_number = 2");
        List<String> before = tasks.rows(task);
        tasks.run();
        file = folder.resolve("archive.jsonl.gz");
        try (InputStream bytes =
                tasks.objects.open(tasks.keys("archive/").get(0)).orElseThrow()) {
            Files.copy(bytes, file, StandardCopyOption.REPLACE_EXISTING);
        }
        tasks.restored(task);
        assertThat(tasks.rows(task)).isEqualTo(before);
    }

    @AfterAll
    static void close() {
        tasks.close();
    }

    @Test
    void gunzip_returnsAHeaderAndOneLinePerRowInOrder() throws Exception {
        String text = output("gunzip", "-c", file.toString());
        List<JsonNode> lines = new ArrayList<>();
        for (String line : text.lines().toList()) {
            lines.add(new ObjectMapper().readTree(line));
        }

        assertThat(lines).hasSize(1 + 1 + 3 + 6);
        String rows = text.substring(text.indexOf('\n') + 1);
        assertThat(lines.get(0).toString())
                .isEqualTo(
                        "{\"archive\":1,\"task_id\":\"%s\",\"part\":1,\"steps\":3,\"screenshots\":6,\"sha256\":\"%s\"}"
                                .formatted(task, Sha256.hex(rows.getBytes(StandardCharsets.UTF_8))));
        assertThat(lines.get(1).at("/task/name").textValue()).isEqualTo("camera");
        assertThat(lines.subList(2, 5))
                .extracting(line -> line.at("/step/step_number").intValue())
                .containsExactly(1, 2, 3);
        assertThat(lines.subList(5, 11))
                .extracting(line ->
                        line.at("/screenshot/step_number").intValue() + "." + line.at("/screenshot/screenshot_index"))
                .containsExactly("1.0", "1.1", "2.0", "2.1", "3.0", "3.1");
        assertThat(lines.get(2).at("/step/thinking").textValue()).isEqualTo(TestRecords.THINKING);
        assertThat(text.lines().skip(3).findFirst().orElseThrow())
                .contains("\"step_data\":" + ODD)
                .contains("\"created_at\":\"2025-03-10T10:00:00.000001+00:00\"");
    }

    @Test
    void jq_readsTheUncompressedArchive() throws Exception {
        boolean hasJq = Stream.of(System.getenv("PATH").split(":")).anyMatch(path -> Files.exists(Path.of(path, "jq")));
        if (!hasJq) {
            System.out.println("ArchiveFormatIT: skipped, jq is not installed");
        }
        Assumptions.assumeTrue(hasJq, "jq is not installed");

        String thinking =
                output("sh", "-c", "gunzip -c " + file + " | jq -j 'select(.step.step_number == 1).step.thinking'");

        assertThat(thinking).isEqualTo(TestRecords.THINKING);
        String command = Files.readString(Path.of("../../docs/retention-and-deletion.md"))
                .lines()
                .filter(text -> text.startsWith("gunzip -c TASK.jsonl.gz"))
                .findFirst()
                .orElseThrow();
        assertThat(output("sh", "-c", command.replace("TASK.jsonl.gz", file.toString()) + " -c"))
                .startsWith("{\"action\":\"Tap\"");
    }

    private static String output(String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return output;
    }
}
