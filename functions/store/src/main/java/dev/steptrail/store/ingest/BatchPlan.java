package dev.steptrail.store.ingest;

import dev.steptrail.stepformat.MessageRecord;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.store.model.Agent;
import dev.steptrail.store.model.Senders;
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
    private final Senders senders;
    private final Map<UUID, KnownTask> known;
    private final Map<UUID, TaskRecords> tasks = new TreeMap<>(StepRun.ID_ORDER);
    private final List<Rejection> rejections = new ArrayList<>();

    private int dropped;

    private BatchPlan(Senders senders, Map<UUID, KnownTask> known) {
        this.senders = senders;
        this.known = new HashMap<>(known);
    }

    static BatchPlan of(List<ReceivedMessage> messages, Senders senders, Map<UUID, KnownTask> known) {
        BatchPlan plan = new BatchPlan(senders, known);
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

    /** Returns the number of records of deleted tasks. */
    int dropped() {
        return dropped;
    }

    private void add(ReceivedMessage message, boolean beginnings) {
        Agent agent = senders.of(message.senderId());
        String owner = agent == null ? null : agent.owner();
        if (message.rejection() != null || agent == null) {
            if (beginnings) {
                reject(message, owner);
            }
            return;
        }
        SenderRights rights = new SenderRights(senders, agent, message.references());
        for (MessageRecord element : message.records()) {
            if (element instanceof MessageRecord.Valid valid) {
                if (valid.record() instanceof TaskStarted == beginnings) {
                    add(message.senderId(), rights, valid);
                }
            } else if (element instanceof MessageRecord.Invalid invalid && !beginnings) {
                reject(message.senderId(), owner, invalid);
            }
        }
    }

    /** Splits a rejected message by task, so that the deletion of a task can delete its rejected records. */
    private void reject(ReceivedMessage message, @Nullable String owner) {
        String reason =
                message.rejection() != null ? message.rejection() : "sender: not registered; register it as an agent";
        RejectionCause cause = message.rejection() != null ? message.cause() : RejectionCause.UNKNOWN_SENDER;
        Map<Optional<UUID>, List<MessageRecord>> byTask = message.records().stream()
                .collect(Collectors.groupingBy(
                        element -> Optional.ofNullable(element.taskId()), LinkedHashMap::new, Collectors.toList()));
        if (byTask.isEmpty()) {
            rejections.add(Rejection.ofMessage(message, owner, null, cause, reason));
        }
        byTask.forEach((task, elements) -> {
            if (isDeleted(task.orElse(null))) {
                dropped += elements.size();
                return;
            }
            ReceivedMessage part = byTask.size() == 1 ? message : message.part(elements);
            rejections.add(Rejection.ofMessage(part, owner, task.orElse(null), cause, reason));
        });
    }

    private void reject(String senderId, @Nullable String owner, MessageRecord.Invalid element) {
        if (isDeleted(element.taskId())) {
            dropped++;
        } else {
            rejections.add(Rejection.ofInvalid(senderId, owner, element));
        }
    }

    private boolean isDeleted(@Nullable UUID taskId) {
        KnownTask task = taskId == null ? null : known.get(taskId);
        return task != null && task.deleted();
    }

    private void add(String senderId, SenderRights rights, MessageRecord.Valid element) {
        StepRecord record = element.record();
        if (isDeleted(record.taskId())) {
            dropped++;
            return;
        }
        KnownTask task = known.get(record.taskId());
        String reason = rights.rejectionReason(element, task);
        if (reason != null) {
            rejections.add(
                    Rejection.ofRecord(senderId, rights.ownOwner(), element, RejectionCause.NOT_ALLOWED, reason));
            return;
        }
        String owner = rights.ownerOf(record, task);
        boolean startReceived = record instanceof TaskStarted || (task != null && task.startReceived());
        known.put(record.taskId(), new KnownTask(owner, startReceived, task != null && task.archived(), false));
        tasks.computeIfAbsent(record.taskId(), id -> new TaskRecords(id, owner)).add(senderId, element);
    }
}
