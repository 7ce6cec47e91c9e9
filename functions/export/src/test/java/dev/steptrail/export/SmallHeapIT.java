package dev.steptrail.export;

import static dev.steptrail.store.TestRecords.ended;
import static dev.steptrail.store.TestRecords.message;
import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.report.ExportKey.Format;
import dev.steptrail.report.Language;
import dev.steptrail.report.TasksExportKey;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.Agent;
import dev.steptrail.store.DatabaseStepWriter;
import dev.steptrail.store.RegisterAgent;
import dev.steptrail.store.TaskFilter;
import dev.steptrail.store.TestRecords;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.junit.jupiter.api.Test;

/** How much memory an export takes: half of what sam-template.yaml gives it is Java's heap here. */
class SmallHeapIT extends MakesExports {
    private static final int STEPS = 500;
    private static final String HEAP = "-Xmx1024m";
    private static final int MIB = 1024 * 1024;

    @Test
    void aTaskOf500StepsWithScreenshots_isExportedInEachForm() throws Exception {
        List<StepRecord> records = new ArrayList<>();
        records.add(started(task));
        for (int number = 1; number <= STEPS; number++) {
            records.add(step(task, number, "我需要打开相机应用，然后拍照。".repeat(20))
                    .shippedAs(List.of(screenshot(FrameRole.BEFORE, String.valueOf(number))), List.of()));
        }
        records.add(ended(task, TaskStatus.SUCCEEDED, STEPS));
        new DatabaseStepWriter(CONNECTION).write(List.of(message("AIDAALICE", records.toArray(StepRecord[]::new))));
        String[] keys = Arrays.stream(Format.values())
                .map(format -> key(Language.ZH, format).key())
                .toArray(String[]::new);

        Process program = start(HEAP, keys);
        String told = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(program.waitFor()).as(told).isZero();
        System.out.println("A task of 500 steps: "
                + told.lines().filter(line -> line.contains(" MiB ")).toList());
        Map<String, byte[]> zip = ExportIT.unzipped(export(Language.ZH, Format.ZIP));
        assertThat(zip).hasSize(2 + STEPS);
        assertThat(new String(export(Language.ZH, Format.HTML), StandardCharsets.UTF_8).split("<img ", -1))
                .hasSize(1 + STEPS);
        try (PDDocument pdf = Loader.loadPDF(export(Language.ZH, Format.PDF))) {
            assertThat(ExportIT.text(pdf)).contains("500 · error", "我需要打开相机应用,然后拍照。");
        }
    }

    @Test
    void manyTasks_areExported_thoughTheyAreMoreThanMemoryHolds() throws Exception {
        new RegisterAgent(CONNECTION).register(new Agent("AIDABOB", "bob", List.of()));
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
        TaskFilter filter = new TaskFilter("bob", null, null, null, null, null, null, null);
        TasksExportKey key = new TasksExportKey("bob", filter, "0123456789abcdef", 0);

        Process program = start("-Xmx64m", key.message());
        String told = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(program.waitFor()).as(told).isZero();
        byte[] lines = stored(key.key()).orElseThrow();
        System.out.printf("Many tasks of %d MiB: %s%n", lines.length / MIB, told.strip());
        assertThat(lines.length).isGreaterThan(80 * MIB);
        assertThat(new String(lines, StandardCharsets.UTF_8).lines()).hasSize(300);
    }

    private static Process start(String heap, String... asked) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                heap,
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                SmallHeap.class.getName()));
        command.addAll(List.of(asked));
        ProcessBuilder program = new ProcessBuilder(command).redirectErrorStream(true);
        program.environment().putAll(SETTINGS);
        return program.start();
    }
}
