package dev.steptrail.tracker.internal.outbox;

import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.TaskRecords;
import dev.steptrail.tracker.Pngs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Writes a task with one step and its screenshot. */
abstract class WrittenTaskFixture {
    static final UUID TASK = UUID.fromString("0190163d-8694-739b-aea5-966c26f8ad91");

    @TempDir
    Path outbox;

    OutboxTask task;
    Path steps;

    @BeforeEach
    void write() throws IOException {
        try (TaskWriter writer = Outbox.open(outbox).newTask(TASK)) {
            writer.append(new TaskRecords(TASK).started());
            writer.append(new TaskRecords(TASK)
                    .step(1, "one", writer.writeFrame(1, FrameRole.BEFORE, Pngs.ofSize(1, 1), false, null)));
        }
        task = Outbox.open(outbox).task(TASK).orElseThrow();
        steps = task.folder().resolve("steps.jsonl");
    }
}
