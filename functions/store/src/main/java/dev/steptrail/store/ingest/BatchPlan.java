package dev.steptrail.store.ingest;

import dev.steptrail.stepformat.MessageRecord;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.store.model.Agent;
import dev.steptrail.store.model.RegisteredAgents;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Decides without I/O which records are stored, for which owner, and which are rejected. Tasks are sorted by id. */
final class BatchPlan {
    private final RegisteredAgents agents;
    private final Map<UUID, StoredTaskState> states;
    private final Map<UUID, TaskRecords> tasks = new TreeMap<>(StepNumberRange.ID_ORDER);
    private final List<Rejection> rejections = new ArrayList<>();

    private int dropped;

    private BatchPlan(RegisteredAgents agents, Map<UUID, StoredTaskState> states) {
        this.agents = agents;
        this.states = new HashMap<>(states);
    }

    static BatchPlan create(
            List<ReceivedMessage> messages, RegisteredAgents agents, Map<UUID, StoredTaskState> states) {
        BatchPlan plan = new BatchPlan(agents, states);
        // task_started sets the owner of a task, so it is processed first, regardless of its position in the batch.
        messages.forEach(message -> plan.add(message, true));
        messages.forEach(message -> plan.add(message, false));
        return plan;
    }

    Collection<TaskRecords> tasks() {
        return tasks.values();
    }

    List<Rejection> rejections() {
        return rejections;
    }

    /** Returns the number of records that were dropped because their tasks were deleted. */
    int dropped() {
        return dropped;
    }

    /** @param startRecords whether to add only the task_started records, or only the others */
    private void add(ReceivedMessage message, boolean startRecords) {
        Agent agent = agents.find(message.senderId());
        String owner = agent == null ? null : agent.owner();
        if (message.rejection() != null || agent == null) {
            if (startRecords) {
                reject(message, owner);
            }
            return;
        }
        SenderPermissions permissions = new SenderPermissions(agents, agent, message.references());
        for (MessageRecord element : message.records()) {
            if (element instanceof MessageRecord.Valid valid) {
                if (valid.record() instanceof TaskStarted == startRecords) {
                    add(message.senderId(), permissions, valid);
                }
            } else if (element instanceof MessageRecord.Invalid invalid && !startRecords) {
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
        String reason = permissions.rejectionReason(element, task);
        if (reason != null) {
            rejections.add(Rejection.forRecord(
                    senderId, permissions.senderOwner(), element, RejectionCause.NOT_ALLOWED, reason));
            return;
        }
        String owner = permissions.findOwner(record, task);
        boolean startReceived = record instanceof TaskStarted || (task != null && task.startReceived());
        states.put(record.taskId(), new StoredTaskState(owner, startReceived, task != null && task.archived(), false));
        tasks.computeIfAbsent(record.taskId(), id -> new TaskRecords(id, owner)).add(senderId, element);
    }
}
