package dev.steptrail.cli.records;

import dev.steptrail.stepformat.Losses;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.tracker.internal.outbox.Outbox;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The base of tests that record lines into an outbox. */
abstract class LineRecorderTestBase {
    static final long MAX_OUTBOX_BYTES = 1L << 31;

    @TempDir
    Path folder;

    final List<String> problems = new ArrayList<>();
    Outbox outbox;
    LineRecorder recorder;

    @BeforeEach
    void open() throws Exception {
        outbox = Outbox.open(folder.resolve("outbox"));
        recorder = new LineRecorder(outbox, MAX_OUTBOX_BYTES, problems::add);
    }

    UUID started() {
        return recorder.add("{\"record\":\"task_started\"}").orElseThrow();
    }

    static String step(String fields) {
        return "{\"record\":\"step\",\"step_type\":\"action\"" + (fields.isEmpty() ? "" : "," + fields) + "}";
    }

    List<StepRecord> records(UUID task) throws Exception {
        List<StepRecord> records = new ArrayList<>();
        for (String line : Files.readAllLines(outbox.folder().resolve(task + "/steps.jsonl"))) {
            records.add(RecordCodec.decode(line.getBytes(StandardCharsets.UTF_8)));
        }
        return records;
    }

    Losses lossesAfter(UUID task) throws Exception {
        recorder.close();
        List<StepRecord> records = records(task);
        return (Losses) records.get(records.size() - 2);
    }

    static byte[] picture(String format) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(27, 60, BufferedImage.TYPE_INT_RGB), format, bytes);
        return bytes.toByteArray();
    }
}
