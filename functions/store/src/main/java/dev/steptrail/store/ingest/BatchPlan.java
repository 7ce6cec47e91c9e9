package dev.steptrail.store.ingest;

import dev.steptrail.stepformat.MessageRecord;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.stepformat.Verdict;
import dev.steptrail.store.ingest.EarlyVerdicts.EarlyVerdict;
import dev.steptrail.store.ingest.TaskRecords.ReceivedStep;
import dev.steptrail.store.model.Agent;
import dev.steptrail.store.model.RegisteredAgents;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decides without I/O which records are stored, for which owner, and which are rejected. Tasks are sorted by id. Steps
 * are decided last, by {@link #classifySteps}.
 */
final class BatchPlan {
    /** Keys of statistics contain several names, and an index entry has at most 2,704 bytes. */
    private static final int MAX_NAME_BYTES = 1024;

    private static final String LONG_NAME = "name, agent, model, device_id: must have at most " + MAX_NAME_BYTES
            + " bytes; larger values are attachments";

    private final RegisteredAgents agents;
    private final Map<UUID, StoredTaskState> states;
    private final Map<UUID, TaskRecords> tasks = new TreeMap<>(StepNumberRange.ID_ORDER);
    private final List<Rejection> rejections = new ArrayList<>();
    private final List<EarlyVerdict> early = new ArrayList<>();

    private final List<ReceivedStep> newSteps = new ArrayList<>();
    private int duplicates;
    private int dropped;

    /** The records of a batch are processed in this order, regardless of their position in it. */
    private enum Pass {
        /** Sets the owner of a task. */
        STARTS,
        OTHERS,
        /** Does not create a task. */
        VERDICTS;

        private static Pass of(StepRecord record) {
            if (record instanceof Verdict) {
                return VERDICTS;
            }
            return record instanceof TaskStarted ? STARTS : OTHERS;
        }
    }

    private BatchPlan(RegisteredAgents agents, Map<UUID, StoredTaskState> states) {
        this.agents = agents;
        this.states = new HashMap<>(states);
    }

    static BatchPlan create(
            List<ReceivedMessage> messages, RegisteredAgents agents, Map<UUID, StoredTaskState> states) {
        BatchPlan plan = new BatchPlan(agents, states);
        for (Pass pass : Pass.values()) {
            messages.forEach(message -> plan.add(message, pass));
        }
        return plan;
    }

    Collection<TaskRecords> tasks() {
        return tasks.values();
    }

    List<Rejection> rejections() {
        return rejections;
    }

    /** Returns the verdicts on tasks that are neither stored nor created by this batch. */
    List<EarlyVerdict> early() {
        return early;
    }

    /** Returns the number of records that were dropped because their tasks were deleted. */
    int dropped() {
        return dropped;
    }

    /**
     * Classifies the steps as new, duplicate, conflicting, or archived (the step's number is in an archive). The last
     * two are rejected.
     *
     * @param stored the steps whose number is stored, each with whether it equals the stored step
     * @param archived the numbers of archived steps, by task
     */
    void classifySteps(Map<ReceivedStep, Boolean> stored, Map<UUID, Set<Integer>> archived) {
        for (TaskRecords task : tasks.values()) {
            Set<Integer> archivedNumbers = archived.getOrDefault(task.taskId(), Set.of());
            duplicates += task.duplicates();
            for (ReceivedStep first : task.steps()) {
                boolean isArchived = archivedNumbers.contains(first.stepNumber());
                if (!stored.containsKey(first) && !isArchived) {
                    newSteps.add(first);
                }
                for (ReceivedStep step : task.withNumber(first.stepNumber())) {
                    Boolean isSame = stored.get(step);
                    if (isSame == null && isArchived) {
                        reject(task, step, RejectionCause.ARCHIVED, Rejection.ARCHIVED);
                    } else if (Boolean.TRUE.equals(isSame)) {
                        duplicates++;
                    } else if (isSame != null || step != first) { // differs from a stored or received step
                        reject(task, step, RejectionCause.CONFLICT, Rejection.CONFLICT);
                    }
                }
            }
        }
    }

    private void reject(TaskRecords task, ReceivedStep step, RejectionCause cause, String reason) {
        rejections.add(Rejection.forRecord(step.senderId(), task.owner(), step.element(), cause, reason));
    }

    List<ReceivedStep> newSteps() {
        return newSteps;
    }

    /** Returns the number of steps that are already stored, or repeat another step of the batch. */
    int duplicates() {
        return duplicates;
    }

    private void add(ReceivedMessage message, Pass pass) {
        Agent agent = agents.find(message.senderId());
        String owner = agent == null ? null : agent.owner();
        if (message.rejection() != null || agent == null) {
            if (pass == Pass.STARTS) {
                reject(message, owner);
            }
            return;
        }
        SenderPermissions permissions = new SenderPermissions(agents, agent, message);
        for (MessageRecord element : message.records()) {
            if (element instanceof MessageRecord.Valid valid) {
                if (Pass.of(valid.record()) == pass) {
                    add(message.senderId(), permissions, valid);
                }
            } else if (element instanceof MessageRecord.Invalid invalid && pass == Pass.OTHERS) {
                reject(message.senderId(), owner, invalid);
            }
        }
    }

    /** Splits a rejected message by task, so that the deletion of a task can delete its rejected records. */
    private void reject(ReceivedMessage message, @Nullable String owner) {
        String reason = message.rejection() != null
                ? message.rejection()
                : "the sender is not registered; an admin must register it as an agent";
        RejectionCause cause = message.rejection() != null ? message.cause() : RejectionCause.UNKNOWN_SENDER;
        Map<Optional<UUID>, List<MessageRecord>> byTask = message.records().stream()
                .collect(Collectors.groupingBy(
                        element -> Optional.ofNullable(element.taskId()), LinkedHashMap::new, Collectors.toList()));
        if (byTask.isEmpty()) {
            rejections.add(Rejection.forMessage(message, owner, null, cause, reason));
        }
        byTask.forEach((task, elements) -> {
            if (isDeleted(task.orElse(null))) {
                dropped += elements.size();
                return;
            }
            ReceivedMessage part = byTask.size() == 1 ? message : message.subset(elements);
            rejections.add(Rejection.forMessage(part, owner, task.orElse(null), cause, reason));
        });
    }

    private void reject(String senderId, @Nullable String owner, MessageRecord.Invalid element) {
        if (isDeleted(element.taskId())) {
            dropped++;
        } else {
            rejections.add(Rejection.forInvalidRecord(senderId, owner, element));
        }
    }

    private static boolean hasLongName(StepRecord record) {
        return record instanceof TaskStarted started
                && Stream.of(started.name(), started.agent(), started.model(), started.deviceId())
                        .anyMatch(
                                name -> name != null && name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES);
    }

    private boolean isDeleted(@Nullable UUID taskId) {
        StoredTaskState task = taskId == null ? null : states.get(taskId);
        return task != null && task.deleted();
    }

    private void add(String senderId, SenderPermissions permissions, MessageRecord.Valid element) {
        StepRecord record = element.record();
        if (isDeleted(record.taskId())) {
            dropped++;
            return;
        }
        StoredTaskState task = states.get(record.taskId());
        String reason = hasLongName(record) ? LONG_NAME : permissions.rejectionReason(element, task);
        if (reason != null) {
            rejections.add(Rejection.forRecord(
                    senderId, permissions.senderOwner(), element, RejectionCause.NOT_ALLOWED, reason));
            return;
        }
        if (task == null && record instanceof Verdict verdict) {
            early.add(new EarlyVerdict(senderId, permissions.senderOwner(), element, verdict));
            return;
        }
        String owner = permissions.findOwner(record, task);
        boolean startReceived = record instanceof TaskStarted || (task != null && task.startReceived());
        states.put(record.taskId(), new StoredTaskState(owner, startReceived, task != null && task.archived(), false));
        tasks.computeIfAbsent(record.taskId(), id -> new TaskRecords(id, owner)).add(senderId, element);
    }
}
