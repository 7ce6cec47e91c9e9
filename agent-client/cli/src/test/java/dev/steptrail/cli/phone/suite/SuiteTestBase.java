package dev.steptrail.cli.phone.suite;

import dev.steptrail.phone.autoglm.Limits;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.Verdict;
import dev.steptrail.tracker.Durability;
import dev.steptrail.tracker.StepTracker;
import dev.steptrail.tracker.internal.outbox.Outbox;
import dev.steptrail.tracker.internal.outbox.OutboxLine;
import dev.steptrail.tracker.internal.outbox.OutboxTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** An outbox, a tracker and the journal of the experiment {@code nightly}. */
abstract class SuiteTestBase {
    @TempDir
    protected Path folder;

    protected Outbox outbox;
    protected StepTracker tracker;
    protected SuiteJournal journal;

    @BeforeEach
    void open() throws IOException {
        outbox = Outbox.open(folder.resolve("outbox"));
        tracker = StepTracker.builder(outbox.folder())
                .durability(Durability.WRITTEN)
                .shipping(false)
                .build();
        journal = SuiteJournal.open(outbox.folder(), "nightly", Map.of());
    }

    @AfterEach
    void close() throws IOException {
        journal.close();
        tracker.close();
    }

    protected Suite suite(String yaml) throws IOException {
        return SuiteFile.read(Files.writeString(folder.resolve("suite.yaml"), yaml), Limits.DEFAULT);
    }

    SuiteRecording recording(Suite suite) {
        return new SuiteRecording(suite, "nightly", tracker, outbox, journal);
    }

    protected List<Verdict> verdicts() throws Exception {
        tracker.close();
        List<Verdict> verdicts = new ArrayList<>();
        for (OutboxTask task : outbox.tasks()) {
            for (OutboxLine line : task.linesFrom(0, 1 << 20)) {
                StepRecord record = RecordCodec.decode(line.json());
                if (record instanceof Verdict verdict) {
                    verdicts.add(verdict);
                }
            }
        }
        return verdicts;
    }
}
