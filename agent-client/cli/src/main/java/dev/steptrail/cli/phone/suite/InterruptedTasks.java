package dev.steptrail.cli.phone.suite;

import dev.steptrail.cli.phone.suite.Suite.Case;
import dev.steptrail.cli.phone.suite.SuiteJournal.Entry;
import dev.steptrail.cli.phone.suite.TaskResult.Problem;
import dev.steptrail.stepformat.InvalidRecordException;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.stepformat.VerdictValue.Label;
import dev.steptrail.tracker.internal.outbox.OutboxLine;
import dev.steptrail.tracker.internal.outbox.OutboxTask;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The tasks of a suite that were running when a process was interrupted. */
record InterruptedTasks(SuiteRecording recording) {
    /**
     * Decides which of the tasks have ended, although their evaluator may not have judged them. The others get a
     * verdict that says that they have not.
     */
    void complete() throws IOException {
        for (Entry entry : recording.journal().open()) {
            CaseEvaluator evaluator = recording.suite().cases().stream()
                    .filter(one -> one.id().equals(entry.key().caseId()))
                    .findFirst()
                    .map(Case::evaluator)
                    .orElse(null);
            TaskResult result = entry.result();
            if (result != null && isEndRecorded(entry.task())) {
                if (result.verdict() == null && evaluator != null) {
                    recording.judge(entry.task(), evaluator, Label.UNCLEAR, SuiteTask.INTERRUPTED_EVALUATOR);
                    result = result.unclear(Problem.JUDGING_INTERRUPTED, SuiteTask.INTERRUPTED_EVALUATOR);
                }
                recording.journal().ended(result);
            } else {
                markInterrupted(entry.task(), evaluator);
                recording.journal().interrupted(entry.task());
            }
        }
        for (OutboxTask task : recording.outbox().tasks()) {
            if (isUnknownToJournal(task)) {
                markInterrupted(task.id(), null);
            }
        }
    }

    /** Returns whether a process was killed after it had started a task, and before it wrote so to the journal. */
    private boolean isUnknownToJournal(OutboxTask task) throws IOException {
        return task.linesFrom(0, 1).stream().anyMatch(this::startsTaskOfExperiment)
                && !recording.journal().knows(task.id())
                && !isEndRecorded(task.id())
                && !task.hasWriter();
    }

    private boolean startsTaskOfExperiment(OutboxLine line) {
        return parse(line) instanceof TaskStarted started
                && recording.experiment().equals(started.experimentCase().experiment());
    }

    private void markInterrupted(UUID task, @Nullable CaseEvaluator evaluator) throws IOException {
        recording.judge(task, evaluator, Label.UNCLEAR, SuiteTask.INTERRUPTED);
    }

    /** Returns whether the outbox contains the end of a task. A task that it no longer contains was delivered. */
    private boolean isEndRecorded(UUID taskId) throws IOException {
        Optional<OutboxTask> task = recording.outbox().task(taskId);
        if (task.isEmpty()) {
            return true;
        }
        Optional<OutboxLine> last = task.get().lastLine();
        return last.isPresent() && parse(last.get()) instanceof TaskEnded;
    }

    private static @Nullable StepRecord parse(OutboxLine line) {
        try {
            return line.tooLong() ? null : RecordCodec.decode(line.json());
        } catch (InvalidRecordException e) {
            return null;
        }
    }
}
