package dev.steptrail.store.ingest;

import dev.steptrail.stepformat.Losses;
import dev.steptrail.stepformat.MessageRecord;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.Usage;
import dev.steptrail.stepformat.Verdict;
import dev.steptrail.store.model.JsonColumn;
import dev.steptrail.store.model.StoredStep;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/** The records of one task in a batch: one start, end and report of losses, the steps by number, and the verdicts. */
final class TaskRecords {
    static final class ReceivedStep {
        private final String senderId;
        private final MessageRecord.Valid element;
        private final Step step;
        private @Nullable StoredStep row;

        private ReceivedStep(String senderId, MessageRecord.Valid element, Step step) {
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

        Instant recordedAt() {
            return step.timestamp();
        }

        @Nullable
        Usage usage() {
            return step.modelCall().usage();
        }

        /** Returns the row. It is created on the first call, usually while Postgres stores the preceding rows. */
        StoredStep row() {
            if (row == null) {
                row = StoredStep.of(step);
            }
            return row;
        }
    }

    private final UUID taskId;
    private final String owner;
    private final Map<Integer, ReceivedStep> steps = new TreeMap<>();
    private final Map<Integer, List<ReceivedStep>> conflicting = new TreeMap<>();
    private final Map<VerdictKey, ReceivedVerdict> verdicts = new TreeMap<>();
    private int duplicates;
    private @Nullable TaskStarted started;
    private @Nullable Losses losses;
    private @Nullable String lossesJson;
    private @Nullable TaskEnded ended;
    private Instant earliest = Instant.MAX;

    TaskRecords(UUID taskId, String owner) {
        this.taskId = taskId;
        this.owner = owner;
    }

    record ReceivedVerdict(String senderId, MessageRecord.Valid element, Verdict verdict) {
        VerdictKey key() {
            return new VerdictKey(verdict.name(), verdict.evaluator());
        }
    }

    /** Verdicts with the same key replace each other. */
    record VerdictKey(String name, String evaluator) implements Comparable<VerdictKey> {
        private static final Comparator<VerdictKey> ORDER =
                Comparator.comparing(VerdictKey::name).thenComparing(VerdictKey::evaluator);

        @Override
        public int compareTo(VerdictKey other) {
            return ORDER.compare(this, other);
        }
    }

    void add(String senderId, MessageRecord.Valid element) {
        StepRecord record = element.record();
        if (record.timestamp().isBefore(earliest)) {
            earliest = record.timestamp();
        }
        if (record instanceof Step step) {
            add(new ReceivedStep(senderId, element, step));
        } else if (record instanceof TaskStarted first && started == null) {
            started = first;
        } else if (record instanceof Losses reported && (losses == null || total(reported) > total(losses))) {
            losses = reported;
            lossesJson = json(reported);
        } else if (record instanceof TaskEnded last && (ended == null || ended.status() == TaskStatus.ABANDONED)) {
            ended = last;
        } else if (record instanceof Verdict verdict) {
            ReceivedVerdict received = new ReceivedVerdict(senderId, element, verdict);
            verdicts.merge(
                    received.key(),
                    received,
                    BinaryOperator.maxBy(
                            Comparator.comparing(ReceivedVerdict::verdict, VerdictWriter.REPLACEMENT_ORDER)));
        }
    }

    private void add(ReceivedStep arrival) {
        ReceivedStep before = steps.putIfAbsent(arrival.stepNumber(), arrival);
        if (before == null) {
            return;
        }
        if (StepComparison.isSame(before.row(), arrival.row())) {
            duplicates++;
        } else {
            conflicting
                    .computeIfAbsent(arrival.stepNumber(), number -> new ArrayList<>())
                    .add(arrival);
        }
    }

    /** Returns the losses as JSON. Their totals are stored in separate columns too. */
    private static String json(Losses losses) {
        Map<String, Object> fields = new LinkedHashMap<>(losses.unknown());
        fields.put("dropped_steps", losses.droppedSteps());
        fields.put("dropped_screenshots", losses.droppedScreenshots());
        return JsonColumn.write(fields);
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

    long droppedSteps() {
        return losses == null ? 0 : losses.totalDroppedSteps();
    }

    long droppedScreenshots() {
        return losses == null ? 0 : losses.totalDroppedScreenshots();
    }

    @Nullable
    String lossesJson() {
        return lossesJson;
    }

    @Nullable
    TaskEnded ended() {
        return ended;
    }

    /** Returns one verdict per name and evaluator, in order. */
    Collection<ReceivedVerdict> verdicts() {
        return verdicts.values();
    }

    /** Returns one step per number, in order. */
    Collection<ReceivedStep> steps() {
        return steps.values();
    }

    List<ReceivedStep> withNumber(int number) {
        List<ReceivedStep> all = new ArrayList<>(conflicting.getOrDefault(number, List.of()));
        ReceivedStep first = steps.get(number);
        if (first != null) {
            all.add(first);
        }
        return all;
    }

    /** Returns the number of steps that repeat another step of this batch. */
    int duplicates() {
        return duplicates;
    }
}
