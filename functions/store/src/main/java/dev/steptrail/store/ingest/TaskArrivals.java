package dev.steptrail.store.ingest;

import dev.steptrail.stepformat.Losses;
import dev.steptrail.stepformat.MessageRecord;
import dev.steptrail.stepformat.Payload;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.store.model.Rows;
import dev.steptrail.store.model.StoredStep;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a batch holds of one task, in whatever order it came: each kind of record folded into one, each step once. */
final class TaskArrivals {
    /** A step, and who sent it. */
    static final class Arrival {
        private final String senderId;
        private final MessageRecord.Valid element;
        private final Step step;
        private @Nullable StoredStep row;
        private @Nullable StepComparison same;

        private Arrival(String senderId, MessageRecord.Valid element, Step step) {
            this.senderId = senderId;
            this.element = element;
            this.step = step;
        }

        String senderId() {
            return senderId;
        }

        MessageRecord.Valid element() {
            return element;
        }

        UUID taskId() {
            return step.taskId();
        }

        int stepNumber() {
            return step.stepNumber();
        }

        /** By the clock of the agent's machine. */
        Instant recordedAt() {
            return step.timestamp();
        }

        /** Made when it is first asked for: mostly when Postgres is busy with the rows before it. */
        StoredStep row() {
            if (row == null) {
                row = Rows.of(step, element.payload());
            }
            return row;
        }

        /** Compares others with it. */
        StepComparison same() {
            if (same == null) {
                same = new StepComparison(row());
            }
            return same;
        }
    }

    private final UUID taskId;
    private final String owner;
    private final Map<Integer, Arrival> steps = new TreeMap<>();
    private final Map<Integer, List<Arrival>> conflicting = new TreeMap<>();
    private int duplicates;
    private @Nullable TaskStarted started;
    private @Nullable Losses losses;
    private @Nullable String lossesJson;
    private @Nullable TaskEnded ended;
    private Instant earliest = Instant.MAX;

    TaskArrivals(UUID taskId, String owner) {
        this.taskId = taskId;
        this.owner = owner;
    }

    void add(String senderId, MessageRecord.Valid element) {
        StepRecord record = element.record();
        Payload payload = element.payload();
        if (record.timestamp().isBefore(earliest)) {
            earliest = record.timestamp();
        }
        if (record instanceof Step step) {
            add(new Arrival(senderId, element, step));
        } else if (record instanceof TaskStarted first && started == null) {
            started = TaskTruncation.of(first, payload);
        } else if (record instanceof Losses told && (losses == null || total(told) > total(losses))) {
            losses = told;
            lossesJson = TaskTruncation.json(told, payload);
        } else if (record instanceof TaskEnded last && (ended == null || ended.status() == TaskStatus.ABANDONED)) {
            ended = TaskTruncation.of(last, payload);
        }
    }

    private void add(Arrival arrival) {
        Arrival before = steps.putIfAbsent(arrival.stepNumber(), arrival);
        if (before == null) {
            return;
        }
        if (before.same().isSame(arrival.row())) {
            duplicates++;
        } else {
            conflicting
                    .computeIfAbsent(arrival.stepNumber(), number -> new ArrayList<>())
                    .add(arrival);
        }
    }

    private static long total(Losses losses) {
        return losses.totalDroppedSteps() + losses.totalDroppedScreenshots();
    }

    UUID taskId() {
        return taskId;
    }

    String owner() {
        return owner;
    }

    /** When the task began, as far as this batch knows. */
    Instant startedAt() {
        return started == null ? earliest : started.timestamp();
    }

    @Nullable
    TaskStarted started() {
        return started;
    }

    @Nullable
    Losses losses() {
        return losses;
    }

    /** The losses as their row tells them. */
    @Nullable
    String lossesJson() {
        return lossesJson;
    }

    @Nullable
    TaskEnded ended() {
        return ended;
    }

    /** One a number, in their order. */
    Collection<Arrival> steps() {
        return steps.values();
    }

    @Nullable
    Arrival step(int number) {
        return steps.get(number);
    }

    /** Steps that bear this number, as another one in this batch does, and differ from that one. */
    List<Arrival> conflicting(int number) {
        return conflicting.getOrDefault(number, List.of());
    }

    /** All that bear this number. */
    List<Arrival> ofNumber(int number) {
        List<Arrival> all = new ArrayList<>(conflicting(number));
        Arrival first = steps.get(number);
        if (first != null) {
            all.add(first);
        }
        return all;
    }

    /** Steps that came more than once in this batch, beyond the first. */
    int duplicates() {
        return duplicates;
    }
}
