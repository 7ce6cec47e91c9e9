package dev.steptrail.tracker.internal.outbox;

import static java.nio.file.StandardOpenOption.APPEND;

import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskRecords;
import dev.steptrail.tracker.Pngs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/** A task in a random run: its writer and the records that a reader must find. */
final class ModelTask {
    static final byte[] PNG = Pngs.ofSize(1, 1);

    final UUID id;
    private final Path steps;
    private final TaskWriter writer;
    private final List<StepRecord> written = new ArrayList<>();
    private boolean alive = true;

    ModelTask(Outbox outbox, UUID id) throws IOException {
        this.id = id;
        writer = outbox.newTask(id);
        steps = outbox.folder().resolve(id + "/steps.jsonl");
        add(new TaskRecords(id).started());
    }

    /** Returns all complete records, in order. */
    List<StepRecord> written() {
        return written;
    }

    boolean isOpen() {
        return alive;
    }

    void append(boolean framed) throws IOException {
        int number = written.size();
        String thinking = "x".repeat(number * 37 % 300);
        if (framed) {
            Frame frame = writer.writeFrame(number, FrameRole.BEFORE, PNG, false, null);
            add(new TaskRecords(id).step(number, thinking, frame));
        } else {
            add(new TaskRecords(id).step(number, thinking));
        }
    }

    void end() throws IOException {
        writer.releaseReserve();
        add(new TaskRecords(id).ended());
        crash();
    }

    /** Simulates the end of the writer process, which releases its lock. */
    void crash() throws IOException {
        alive = false;
        writer.close();
    }

    /** Simulates the end of the writer process while it writes a record and its screenshot. */
    void crashDuringWrite() throws IOException {
        Files.write(steps, halfARecord(), APPEND);
        Files.write(steps.resolveSibling("frames/1000000-before.png.tmp"), new byte[] {1});
        crash();
    }

    /** Simulates an incomplete write after which the writer continues. */
    void tear() throws IOException {
        Files.write(steps, halfARecord(), APPEND);
        Files.writeString(steps, "\n", APPEND);
    }

    private byte[] halfARecord() {
        byte[] json = RecordCodec.encode(new TaskRecords(id).step(1_000_000, "torn"));
        return Arrays.copyOf(json, json.length / 2);
    }

    void deleteOffset() throws IOException {
        Files.deleteIfExists(steps.resolveSibling("shipped"));
    }

    void corruptOffset() throws IOException {
        Files.writeString(steps.resolveSibling("shipped"), Long.toString(Files.size(steps) - 1));
    }

    private void add(StepRecord record) throws IOException {
        writer.append(record);
        written.add(record);
    }
}
