package dev.steptrail.export;

import static dev.steptrail.store.TestRecords.ended;
import static dev.steptrail.store.TestRecords.message;
import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.report.ExportKey.Format;
import dev.steptrail.report.Language;
import dev.steptrail.report.TasksExportRequest;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.TestRecords;
import dev.steptrail.store.admin.AgentRepository;
import dev.steptrail.store.ingest.DatabaseStepWriter;
import dev.steptrail.store.model.Agent;
import dev.steptrail.store.model.TaskFilter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tests the memory and time of exports. The Java heap here is half of the function's memory in sam-template.yaml. */
@Tag("nightly")
class SmallHeapIT extends ExportTestBase {
    /**
     * Must be a multiple of 5, so that the last step is an error. With the default, the decoded screenshots of 10 MiB
     * each exceed the heap. {@code -Dsteptrail.export.steps=500} takes about 40 s of processor time, mostly for the
     * PDF's images.
     */
    private static final int STEPS = Integer.getInteger("steptrail.export.steps", 55);

    private static final Pattern MEMORY =
            Pattern.compile("\\n  ExportFunction:.*?\\n      MemorySize: ([0-9]+)", Pattern.DOTALL);
    private static final int MIB = 1024 * 1024;

    @Test
    void longTaskWithScreenshots_isExportedInEachFormat() throws Exception {
        List<StepRecord> records = new ArrayList<>();
        records.add(started(task));
        for (int number = 1; number <= STEPS; number++) {
            records.add(step(task, number, "我需要打开相机应用，然后拍照。".repeat(20))
                    .withScreenshots(
                            List.of(
                                    screenshot(FrameRole.BEFORE, number + "-before"),
                                    screenshot(FrameRole.AFTER, number + "-after")),
                            List.of()));
        }
        records.add(ended(task, TaskStatus.SUCCEEDED, STEPS));
        new DatabaseStepWriter(CONNECTION).write(List.of(message("AIDAALICE", records.toArray(StepRecord[]::new))));
        int memory = memory();
        List<Process> programs = new ArrayList<>(); // an instance of the function makes one at a time
        for (Format format : Format.values()) {
            programs.add(
                    start("-Xmx" + memory / 2 + "m", key(Language.ZH, format).key()));
        }
        StringBuilder output = new StringBuilder();
        for (Process program : programs) {
            output.append(output(program));
        }
        System.out.printf(
                "A task of %d steps with two screenshots of %d KiB each, by a function of %d MB:%n%s",
                STEPS, SCREEN.length / 1024, memory, output);
        Map<String, byte[]> zip = ExportIT.unzipped(export(Language.ZH, Format.ZIP));
        assertThat(zip).hasSize(2 + 2 * STEPS);
        assertThat(new String(export(Language.ZH, Format.HTML), StandardCharsets.UTF_8).split("<img ", -1))
                .hasSize(1 + 2 * STEPS);
        try (PDDocument pdf = Loader.loadPDF(export(Language.ZH, Format.PDF))) {
            assertThat(ExportIT.text(pdf)).contains(STEPS + " · 错误", "我需要打开相机应用,然后拍照。");
        }
    }

    @Test
    void pdfOfTextsWithManyLines_isMade_andSaysWhatItOmits() throws Exception {
        write(started(task), ended(task, TaskStatus.SUCCEEDED, 300));
        DATABASE.execute(
                "INSERT INTO task_steps (task_id, step_number, step_type, step_data, thinking, created_at) SELECT '"
                        + task + "', n, 'action', '{}', repeat(E'\\n', 4000), now() FROM generate_series(1, 300) AS n");

        output(start("-Xmx" + memory() / 2 + "m", key(Language.EN, Format.PDF).key()));

        try (PDDocument pdf = Loader.loadPDF(export(Language.EN, Format.PDF))) {
            assertThat(ExportIT.text(pdf)).contains("300 · action", "3901 more characters");
        }
    }

    @Test
    void tasksLargerThanMemory_areExported() throws Exception {
        new AgentRepository(CONNECTION).register(new Agent("AIDABOB", "bob", List.of()));
        for (int i = 0; i < 10; i++) {
            UUID one = UuidV7.at(TestRecords.START);
            List<StepRecord> records = new ArrayList<>();
            for (int number = 1; number <= 30; number++) {
                records.add(step(one, number));
            }
            new DatabaseStepWriter(CONNECTION).write(List.of(message("AIDABOB", records.toArray(StepRecord[]::new))));
            DATABASE.execute(
                    "UPDATE task_steps SET thinking = repeat('我需要打开相机。', 12000) WHERE task_id = '" + one + "'");
        }
        TaskFilter filter = TaskFilter.forOwner("bob");
        TasksExportRequest key = new TasksExportRequest("bob", filter, "0123456789abcdef", 0);

        String output = output(start("-Xmx64m", key.message()));

        byte[] lines = stored(key.key()).orElseThrow();
        System.out.printf("Many tasks, %d MiB by a heap of 64 MiB:%n%s", lines.length / MIB, output);
        assertThat(lines.length).isGreaterThan(80 * MIB);
        assertThat(new String(lines, StandardCharsets.UTF_8).lines()).hasSize(300);
    }

    @Test
    void notesLargerThanMemory_areExported() throws Exception {
        write(started(task), ended(task, TaskStatus.SUCCEEDED, 0));
        DATABASE.execute("INSERT INTO notes (task_id, author, text) SELECT '" + task
                + "', 'ann', repeat(n::text || ' Ab ', 1000) FROM generate_series(10000, 19999) AS n");

        String output = output(start("-Xmx64m", key(Language.EN, Format.ZIP).key()));

        byte[] judgements = ExportIT.unzipped(export(Language.EN, Format.ZIP)).get("judgements.json");
        System.out.printf("Notes of %d MiB by a heap of 64 MiB:%n%s", judgements.length / MIB, output);
        assertThat(judgements.length).isGreaterThan(80 * MIB);
    }

    /** Returns the output of a program that must succeed within Lambda's time limit. */
    private static String output(Process program) throws Exception {
        String output = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(program.waitFor(15, TimeUnit.MINUTES)).isTrue();
        assertThat(program.exitValue()).as(output).isZero();
        return output.lines().filter(line -> line.contains(" MiB ")).collect(Collectors.joining("\n", "", "\n"));
    }

    /** Returns the function's memory in the template, in MB. */
    private static int memory() throws IOException {
        Matcher memory = MEMORY.matcher(Files.readString(Path.of("../../sam-template.yaml")));
        assertThat(memory.find()).isTrue();
        return Integer.parseInt(memory.group(1));
    }

    /** Starts the program with the JIT settings of Lambda's Java runtime. */
    private static Process start(String heap, String message) throws IOException {
        ProcessBuilder program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        heap,
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SmallHeap.class.getName(),
                        message)
                .redirectErrorStream(true);
        program.environment().putAll(SETTINGS);
        return program.start();
    }
}
