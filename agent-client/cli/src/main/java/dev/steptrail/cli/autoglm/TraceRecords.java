package dev.steptrail.cli.autoglm;

import dev.steptrail.stepformat.Ending;
import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepType;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.UuidV7;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The records of a {@link Trace}. The same file becomes the same task unless a new id is asked for: the id is made of the
 * trace's own time, read as UTC wherever it is imported, and of the file's hash.
 */
final class TraceRecords {
    private static final String AGENT = "Open-AutoGLM";

    private final Trace trace;
    private final ZoneId zone;
    private final UUID taskId;

    TraceRecords(Trace trace, ZoneId zone, boolean newId) throws TraceException {
        this.trace = trace;
        this.zone = zone;
        Instant created = trace.createdAt().in(ZoneOffset.UTC);
        try {
            this.taskId = newId ? UuidV7.at(created) : UuidV7.of(created, trace.hash());
        } catch (IllegalArgumentException e) {
            throw new TraceException("metadata: created_at: lies before 1970");
        }
    }

    UUID taskId() {
        return taskId;
    }

    TaskStarted started() {
        String description = trace.description() == null ? trace.taskName() : trace.description();
        return new TaskStarted(
                taskId,
                trace.createdAt().in(zone),
                trace.taskName(),
                description,
                AGENT,
                trace.modelName(),
                trace.deviceId(),
                null,
                null,
                trace.metadata(),
                Map.of());
    }

    Step step(TraceStep step, List<Frame> frames) {
        return new Step(
                taskId,
                step.timestamp().in(zone),
                step.stepNumber(),
                step.isFinish() ? StepType.COMPLETION : StepType.ACTION,
                step.thinking(),
                step.action(),
                null,
                null,
                step.success(),
                step.errorMessage(),
                Map.of(),
                Map.of(),
                frames,
                List.of(),
                more(step));
    }

    /** What the recorder says besides. A name that a record has for something else gets the prefix of foreign ones. */
    private static Map<String, Object> more(TraceStep step) {
        Map<String, Object> more = new LinkedHashMap<>();
        step.more().forEach((name, value) -> more.put(Step.FIELDS.contains(name) ? "x_" + name : name, value));
        return more;
    }

    /** A run that merely stops has not finished, whatever its last step did. */
    TaskEnded ended() {
        List<TraceStep> steps = trace.steps();
        TraceStep last = steps.isEmpty() ? null : steps.get(steps.size() - 1);
        boolean finished = trace.finished();
        boolean succeeded = finished && last != null && !Boolean.FALSE.equals(last.success());
        return new TaskEnded(
                taskId,
                endedAt(last),
                succeeded ? TaskStatus.SUCCEEDED : TaskStatus.FAILED,
                finished ? Ending.FINISHED : Ending.ENDED_WITHOUT_FINISH,
                finished && last != null ? message(last) : null,
                steps.stream().mapToInt(TraceStep::stepNumber).max().orElse(0),
                Map.of());
    }

    private Instant endedAt(@Nullable TraceStep last) {
        Instant begun = trace.createdAt().in(zone);
        Instant lastStep = last == null ? begun : last.timestamp().in(zone);
        if (trace.executionSeconds() == null
                || !(trace.executionSeconds() <= Duration.ofDays(365).toSeconds())) {
            return lastStep;
        }
        Instant told = begun.plusMillis(Math.round(trace.executionSeconds() * 1000));
        return told.isAfter(lastStep) ? told : lastStep;
    }

    private static @Nullable String message(TraceStep finish) {
        return finish.action() != null && finish.action().get("message") instanceof String message ? message : null;
    }
}
