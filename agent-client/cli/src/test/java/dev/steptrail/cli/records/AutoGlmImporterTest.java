package dev.steptrail.cli.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.steptrail.shipper.fixture.Screens;
import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.Step;
import dev.steptrail.tracker.internal.outbox.Outbox;
import dev.steptrail.tracker.internal.outbox.OutboxTask;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which files are imported, and which are rejected. */
@Tag("slow")
class AutoGlmImporterTest extends AutoGlmImporterTestBase {
    private static final List<UnaryOperator<ObjectNode>> PARTS =
            List.of(root -> root, root -> (ObjectNode) root.get("metadata"), root ->
                    (ObjectNode) root.get("steps").get(4));

    @Test
    void sample_isImportedWithScreens() throws Exception {
        AutoGlmImporter.Imported imported =
                importer(new RecordingScreenshots()).importFile(Screens.sample("weather-finished"));

        assertThat(imported)
                .isEqualTo(new AutoGlmImporter.Imported(
                        imported.file(), imported.taskId(), imported.startedAt(), 5, 5, List.of(), true));
        List<Step> steps = steps(imported.taskId());
        OutboxTask task = outbox.task(imported.taskId()).orElseThrow();
        for (Step step : steps) {
            Frame frame = step.frames().get(0);
            assertThat(frame.width()).isEqualTo(1080);
            assertThat(task.readFrame(frame.file()))
                    .isEqualTo(Files.readAllBytes(Screens.sample("weather-finished")
                            .resolveSibling("screenshots/step_%03d.png".formatted(step.stepNumber()))));
        }
        assertThat(steps.get(4).stepType()).isEqualTo("completion");
    }

    @Test
    void secondImport_leavesOneFolder() throws Exception {
        AutoGlmImporter importer = importer(screenshots("--no-screenshots"));
        AutoGlmImporter.Imported first = importer.importFile(recording);
        AutoGlmImporter.Imported second = importer.importFile(recording);

        assertThat(first.added()).isTrue();
        assertThat(second.added()).isFalse();
        assertThat(second.taskId()).isEqualTo(first.taskId());
        assertThat(outbox.tasks()).hasSize(1);
    }

    @Test
    void invalidFile_isNamed() throws Exception {
        Files.writeString(recording, "no JSON");
        assertRecordingRejected("is not valid JSON, or is truncated (line 1, column 1)");
        Files.delete(recording);
        assertRecordingRejected("does not exist");
    }

    static Stream<String> values() {
        return Stream.of(
                "null",
                "true",
                "0",
                "-1",
                "2147483647",
                "123456789012345678901234567890",
                "1e400",
                "-1e300",
                "1e999999999",
                "\"\"",
                "\"\\ud800\\u0000\"",
                "\"" + "x".repeat(300_000) + "\"",
                "[]",
                "{\"frames\":[1],\"_metadata\":\"finish\",\"message\":{}}",
                "[".repeat(900) + "]".repeat(900),
                "\"1970-01-01T00:00:00+14:00\"",
                "\"9998-12-31T23:59:59.999999999-18:00\"",
                "\"+999999999-12-31T23:59:59Z\"");
    }

    /** No caller catches other exceptions: any value of a field must lead to an import or to an IOException. */
    @ParameterizedTest
    @MethodSource("values")
    void anyFieldValue_isImportedOrRejectedInOneLine(String json) throws Exception {
        ObjectNode good = (ObjectNode) new ObjectMapper().readTree(SampleRecordings.valid());
        Set<String> fields = new TreeSet<>(Step.FIELDS);
        PARTS.forEach(part -> part.apply(good).fieldNames().forEachRemaining(fields::add));
        for (String field : fields) {
            for (UnaryOperator<ObjectNode> part : PARTS) {
                if (part.equals(PARTS.get(0)) && !good.has(field)) {
                    continue; // nothing else is read there
                }
                ObjectNode spoilt = good.deepCopy();
                part.apply(spoilt).putRawValue(field, new RawValue(json));
                Files.writeString(recording, spoilt.toString());
                try {
                    steps(importer(screenshots("--no-screenshots"))
                            .importFile(recording)
                            .taskId());
                } catch (IOException e) {
                    assertThat(e).hasCauseInstanceOf(InvalidInputException.class);
                    assertThat(e.getMessage().lines()).hasSize(1);
                }
            }
        }
    }

    @Test
    void specialFile_isNotRead() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        for (Path odd : List.of(pipe, Path.of("/dev/zero"), Files.createDirectory(folder.resolve("folder")))) {
            assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
                assertThatThrownBy(
                                () -> importer(screenshots("--no-screenshots")).importFile(odd))
                        .hasMessage(odd + ": is not a regular file");
                assertRejected(screenshots("--screenshot", odd), odd + " is not a regular file");
            });
        }
    }

    @Test
    void tooLargeFile_isNotRead() throws Exception {
        Path large = holes("run.json", AutoGlmImporter.MAX_BYTES + 1);
        assertThatThrownBy(() -> importer(screenshots("--no-screenshots")).importFile(large))
                .hasMessage(large + ": has 16777217 bytes, more than the limit of 16777216");

        Path picture = holes("screen.png", RecordingScreenshots.MAX_BYTES + 1);
        assertRejected(
                screenshots("--screenshot", picture), picture + " has 67108865 bytes, more than the limit of 67108864");
    }

    /** A sparse file, which takes no disk space. */
    private Path holes(String name, int length) throws IOException {
        Path path = folder.resolve(name);
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(length);
        }
        return path;
    }

    @Test
    void recordingBeingImportedByAnotherProcess_isNamed() throws Exception {
        AutoGlmImporter importer = importer(screenshots("--no-screenshots"));
        UUID task = importer.importFile(recording).taskId();
        Outbox other = Outbox.open(folder.resolve("other"));
        other.addCompleteTask(task, writer -> assertThatThrownBy(
                        () -> new AutoGlmImporter(other, screenshots("--no-screenshots"), ZoneOffset.UTC, false)
                                .importFile(recording))
                .isInstanceOf(IOException.class)
                .hasMessage(recording + ": is being imported by another process; try again"));
    }

    @Test
    void missingOutbox_isNamedWithTrace() throws Exception {
        AutoGlmImporter importer = importer(screenshots("--no-screenshots"));
        Files.delete(outbox.folder());

        assertThatThrownBy(() -> importer.importFile(recording))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(recording
                        + ": failed to write to the outbox: java.nio.file.NoSuchFileException: " + outbox.folder());
    }
}
