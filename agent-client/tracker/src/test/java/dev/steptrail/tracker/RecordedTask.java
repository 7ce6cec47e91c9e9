package dev.steptrail.tracker;

import dev.steptrail.stepformat.InvalidRecordException;
import dev.steptrail.stepformat.Losses;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.tracker.internal.outbox.Outbox;
import dev.steptrail.tracker.internal.outbox.OutboxLine;
import dev.steptrail.tracker.internal.outbox.OutboxTask;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The records in a task's folder. */
public record RecordedTask(List<StepRecord> records) {
    public static RecordedTask of(Path outbox, UUID task) throws IOException, InvalidRecordException {
        return of(Outbox.open(outbox).task(task).orElseThrow());
    }

    static RecordedTask of(Path outbox, TrackedTask task) throws IOException, InvalidRecordException {
        return of(outbox, task.id());
    }

    public static RecordedTask of(OutboxTask task) throws IOException, InvalidRecordException {
        List<StepRecord> records = new ArrayList<>();
        for (OutboxLine line : task.linesFrom(0, Integer.MAX_VALUE)) {
            records.add(RecordCodec.decode(line.json()));
        }
        return new RecordedTask(records);
    }

    public TaskStarted started() {
        return (TaskStarted) records.get(0);
    }

    public TaskEnded ended() {
        return (TaskEnded) records.get(records.size() - 1);
    }

    public List<Step> steps() {
        return all(Step.class);
    }

    public List<Integer> numbers() {
        return steps().stream().map(Step::stepNumber).toList();
    }

    public List<Losses> losses() {
        return all(Losses.class);
    }

    private <R extends StepRecord> List<R> all(Class<R> kind) {
        return records.stream().filter(kind::isInstance).map(kind::cast).toList();
    }
}
