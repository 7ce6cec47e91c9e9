package dev.steptrail.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.steptrail.archive.ArchiveRestorer;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.jdbc.StoreException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests restorations that must fail. RetentionIT and ArchivedTaskIT test those that succeed. */
class RestoreIT {
    private static ExpiredTasks tasks;
    private static UUID task;
    private static String key;
    private static byte[] archive;

    @BeforeAll
    static void archiveOne() throws IOException {
        tasks = new ExpiredTasks();
        task = tasks.task(2);
        tasks.run();
        key = tasks.keys("archive/").get(0);
        try (InputStream bytes = tasks.objects.open(key).orElseThrow()) {
            archive = bytes.readAllBytes();
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
        assertThat(tasks.database.column("SELECT action FROM audit_log")).isEmpty();
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
        assertThat(tasks.database.column("SELECT state FROM archives")).containsExactly("archived");
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
}
