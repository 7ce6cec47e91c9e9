package dev.steptrail.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.steptrail.archive.ArchiveRestorer;
import dev.steptrail.stepformat.Sha256;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.TestRecords;
import dev.steptrail.store.jdbc.StoreException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that an archive can be read with standard tools, and restorations that must fail. */
class RestoreIT {
    /** Keys, numbers and white space in a form that no serializer would produce. */
    private static final String ODD =
            "{\"z\":1.10e0,\"a\":[1e2, 12345678901234567890, -0.0],\"\":\"\\u0041\\/\",\"a\":null}";

    @TempDir
    private static Path folder;

    private static ExpiredTasks tasks;
    private static UUID task;
    private static String key;
    private static byte[] archive;

    /** A task with unusual values, which has been restored unchanged. */
    private static UUID odd;

    /** The archive of that task. */
    private static Path file;

    @BeforeAll
    static void archiveTwo() throws IOException {
        tasks = new ExpiredTasks();
        task = tasks.task(2);
        odd = tasks.task(3);
        tasks.database.execute("UPDATE task_steps SET duration_ms = 9223372036854775807, step_data = '" + ODD + "',"
                + " created_at = '2025-03-10T10:00:00.000001Z', error_message = chr(8) || '\\N' || chr(127) || chr(8232)"
                + " WHERE step_number = 2 AND task_id = '" + odd + "'");
        List<String> before = tasks.rows(odd);
        tasks.run();
        key = keyOf(task);
        archive = read(key);
        file = Files.write(folder.resolve("archive.jsonl.gz"), read(keyOf(odd)));
        tasks.restored(odd);
        assertThat(tasks.rows(odd)).isEqualTo(before);
    }

    private static String keyOf(UUID archived) {
        return tasks.database.value("SELECT key FROM archives WHERE task_id = '" + archived + "'");
    }

    private static byte[] read(String key) throws IOException {
        try (InputStream bytes = tasks.objects.open(key).orElseThrow()) {
            return bytes.readAllBytes();
        }
    }

    @AfterAll
    static void close() {
        tasks.close();
    }

    @Test
    void missingTask_orOneThatIsNotArchived_isRejected() {
        UUID whole = tasks.task(Instant.now(), 1);

        assertThat(tasks.restore(UuidV7.at(Instant.now()))).isEqualTo(new ArchiveRestorer.NoSuchTask());
        assertThat(tasks.restore(whole)).isEqualTo(new ArchiveRestorer.NotArchived());
        assertThat(tasks.database.count("audit_log", whole)).isZero();
    }

    @Test
    void missingArchive_isNamed_andNothingIsWritten() {
        tasks.objects.delete(Stream.of(key), (refused, code) -> {});

        assertThat(tasks.restore(task))
                .isEqualTo(new ArchiveRestorer.ArchiveUnusable("part 1 is not in the bucket: " + key));
        assertNothingWasWritten();
    }

    @Test
    void damagedArchive_isRejectedNamingTheFailedCheck_andNothingIsWritten() throws IOException {
        assertDamaged(new byte[0], "gzip: data is truncated or invalid");
        assertDamaged("no gzip".getBytes(StandardCharsets.UTF_8), "gzip: data is truncated or invalid");
        assertDamaged(Arrays.copyOf(archive, archive.length / 2), "gzip: data is truncated or invalid");
        assertDamaged(changed(text -> ""), "the first line is not an archive header");
        assertDamaged(changed(text -> "{\n" + text), "the first line is not an archive header");
        assertDamaged(
                changed(text -> text.replaceFirst("\"archive\":1", "\"archive\":2")), "archive: expected 1, found 2");
        assertDamaged(
                changed(text -> text.replaceFirst(task.toString(), new UUID(0, 7).toString())),
                "task_id: expected " + task + ", found 00000000-0000-0000-0000-000000000007");
        assertDamaged(changed(text -> text.replaceFirst("\"part\":1", "\"part\":2")), "part: expected 1, found 2");
        assertDamaged(
                changed(text -> text.replaceFirst("\"steps\":2", "\"steps\":3")),
                "steps in the header: expected 2, found 3");
        assertDamaged(changed(text -> text.replaceFirst("(?m)^\\{\"step\":.*\n", "")), "steps: expected 2, found 1");
        assertDamaged(
                changed(text -> text.replaceFirst("(?m)^\\{\"screenshot\":.*\n", "")),
                "screenshots: expected 4, found 3");
        assertDamaged(changed(text -> text.replace("\"Tap\"", "\"Top\"")), "sha256: expected ");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1000})
    void restoreWithoutTimeAfterTheDownload_isUnavailable_andNothingIsWritten(int left) {
        tasks.bucket.put(key, archive);
        Iterator<Duration> times =
                List.of(Duration.ofMinutes(1), Duration.ofMillis(left)).iterator();

        assertThatThrownBy(() -> tasks.restore(task, times::next)).isInstanceOf(StoreException.Unavailable.class);
        assertNothingWasWritten();
    }

    private static void assertDamaged(byte[] bytes, String check) {
        tasks.bucket.put(key, bytes);

        assertThat(tasks.restore(task))
                .asInstanceOf(type(ArchiveRestorer.ArchiveUnusable.class))
                .extracting(ArchiveRestorer.ArchiveUnusable::reason, STRING)
                .startsWith("part 1 is damaged: " + check);
        assertNothingWasWritten();
    }

    private static void assertNothingWasWritten() {
        assertThat(tasks.status(task)).isEqualTo("archived");
        assertThat(tasks.steps(task)).isZero();
        assertThat(tasks.database.value("SELECT state FROM archives WHERE task_id = '" + task + "'"))
                .isEqualTo("archived");
    }

    private static byte[] changed(UnaryOperator<String> change) throws IOException {
        String text;
        try (InputStream lines = new GZIPInputStream(new ByteArrayInputStream(archive))) {
            text = new String(lines.readAllBytes(), StandardCharsets.UTF_8);
        }
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(change.apply(text).getBytes(StandardCharsets.UTF_8));
        }
        return packed.toByteArray();
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
                                .formatted(odd, Sha256.hex(rows.getBytes(StandardCharsets.UTF_8))));
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
            System.out.println("RestoreIT: skipped, jq is not installed");
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
