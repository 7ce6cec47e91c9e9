package dev.steptrail.openautoglm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.steptrail.stepformat.InvalidRecordException;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.RecordSchema;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The result of a scenario in scenarios.py: its output, and the outbox that the tracked agent wrote.
 *
 * @param output the JSON output, see scenarios.py
 */
record Scenario(JsonNode output, Path outbox) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Runs the scenario {@code name} in a separate Python process. */
    static Scenario play(String name, Path outbox) throws IOException, InterruptedException {
        Path errors = Files.createTempFile("scenario", ".err");
        ProcessBuilder python = new ProcessBuilder("python3", "src/test/python/scenarios.py", name, outbox.toString())
                .redirectError(errors.toFile());
        python.environment().put("PYTHONPATH", "." + File.pathSeparator + "src/test/python");
        python.environment().put("PYTHONDONTWRITEBYTECODE", "1");
        Process process = python.start();
        try {
            byte[] output = process.getInputStream().readAllBytes();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("exits").isTrue();
            assertThat(process.exitValue()).as(Files.readString(errors)).isZero();
            return new Scenario(JSON.readTree(output), outbox);
        } finally {
            process.destroyForcibly();
            Files.delete(errors);
        }
    }

    /** The folder of the only task. */
    Path folder() throws IOException {
        List<Path> folders = folders();
        assertThat(folders).hasSize(1);
        return folders.get(0);
    }

    List<Path> folders() throws IOException {
        try (Stream<Path> inOutbox = Files.list(outbox)) {
            return inOutbox.filter(Files::isDirectory).sorted().toList();
        }
    }

    /** The records of the only task. Each must be valid by the schema and the codec. */
    List<StepRecord> records() throws IOException {
        return records(folder());
    }

    static List<StepRecord> records(Path folder) throws IOException {
        List<StepRecord> records = new ArrayList<>();
        for (String line : lines(folder)) {
            assertThat(RecordSchema.errors(line.getBytes(StandardCharsets.UTF_8)))
                    .as(line)
                    .isEmpty();
            records.add(decode(line));
        }
        return records;
    }

    private static StepRecord decode(String line) {
        try {
            return RecordCodec.decode(line.getBytes(StandardCharsets.UTF_8));
        } catch (InvalidRecordException e) {
            throw new AssertionError(line, e);
        }
    }

    static List<String> lines(Path folder) throws IOException {
        return Files.readAllLines(folder.resolve("steps.jsonl"));
    }

    List<Step> steps() throws IOException {
        return all(Step.class);
    }

    <R> List<R> all(Class<R> kind) throws IOException {
        return records().stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** The only record of its kind. */
    <R> R only(Class<R> kind) throws IOException {
        List<R> records = all(kind);
        assertThat(records).hasSize(1);
        return records.get(0);
    }
}
