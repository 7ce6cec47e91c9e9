package dev.steptrail.tracker.internal.outbox;

import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.InvalidRecordException;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskEnded;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** A shipper in a random run. Its state is that of the outbox and of the simulated cloud, as after a restart. */
final class ModelShipper {
    /** The point at which the shipper process ends. */
    enum CrashPoint {
        NONE,
        AFTER_SENDING,
        AFTER_REJECTING,
        AFTER_ACKNOWLEDGING,
        WHILE_REMOVING_FRAMES,
        BEFORE_REMOVING
    }

    /** The distinct records received by the cloud, in order of arrival. */
    final Map<UUID, List<StepRecord>> received = new HashMap<>();

    /** Steps that were first received without one of their screenshots. */
    final Set<Step> missingScreenshots = new HashSet<>();

    private final Outbox outbox;

    ModelShipper(Outbox outbox) {
        this.outbox = outbox;
    }

    /** Ships up to {@code bytes} of each task, and removes finished tasks. */
    void ship(int bytes, CrashPoint crashPoint) throws IOException {
        for (OutboxTask task : outbox.tasks()) {
            if (!ship(task, bytes, crashPoint)) {
                return;
            }
        }
    }

    private boolean ship(OutboxTask task, int bytes, CrashPoint crashPoint) throws IOException {
        List<OutboxLine> lines = task.linesFrom(task.shipped(), bytes);
        List<Step> steps = new ArrayList<>();
        List<OutboxLine> rejected = new ArrayList<>();
        for (OutboxLine line : lines) {
            try {
                StepRecord record = RecordCodec.decode(line.json());
                send(task, record);
                if (record instanceof Step step) {
                    steps.add(step);
                }
            } catch (InvalidRecordException e) {
                rejected.add(line);
            }
        }
        if (crashPoint == CrashPoint.AFTER_SENDING) {
            return false;
        }
        for (OutboxLine line : rejected) {
            task.reject(line);
        }
        if (crashPoint == CrashPoint.AFTER_REJECTING) {
            return false;
        }
        if (!lines.isEmpty()) {
            task.acknowledge(lines.get(lines.size() - 1).end());
        }
        return crashPoint != CrashPoint.AFTER_ACKNOWLEDGING
                && removeFrames(task, steps, crashPoint)
                && crashPoint != CrashPoint.BEFORE_REMOVING
                && removeIfDone(task);
    }

    private void send(OutboxTask task, StepRecord record) throws IOException {
        List<StepRecord> cloud = received.computeIfAbsent(task.id(), id -> new ArrayList<>());
        if (cloud.contains(record)) {
            return;
        }
        cloud.add(record);
        if (record instanceof Step step) {
            for (Frame frame : step.frames()) {
                try {
                    if (!Arrays.equals(task.readFrame(frame.file()), ModelTask.PNG)) {
                        missingScreenshots.add(step);
                    }
                } catch (BrokenImageException e) {
                    missingScreenshots.add(step);
                }
            }
        }
    }

    private static boolean removeFrames(OutboxTask task, List<Step> steps, CrashPoint crashPoint) throws IOException {
        for (Step step : steps) {
            for (Frame frame : step.frames()) {
                task.removeFrame(frame.file());
                if (crashPoint == CrashPoint.WHILE_REMOVING_FRAMES) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Removes a task without a writer whose complete lines are all shipped. */
    private boolean removeIfDone(OutboxTask task) throws IOException {
        if (task.hasWriter() || !task.linesFrom(task.shipped(), 1).isEmpty()) {
            return true;
        }
        if (!isEnded(task) && task.shipped() < task.size()) {
            task.reject(task.readIncompleteLine(task.shipped()));
        }
        task.remove();
        return true;
    }

    private static boolean isEnded(OutboxTask task) throws IOException {
        try {
            return task.lastLine().isPresent()
                    && RecordCodec.decode(task.lastLine().orElseThrow().json()) instanceof TaskEnded;
        } catch (InvalidRecordException e) {
            return false;
        }
    }
}
