package dev.steptrail.store.ingest;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * The steps of a batch, classified as new, duplicate, conflicting, or archived (the step's number is in an archive).
 */
final class ClassifiedSteps {
    private final Map<UUID, List<TaskRecords.ReceivedStep>> byTask = new HashMap<>();
    private final List<TaskRecords.ReceivedStep> toWrite = new ArrayList<>();
    private final List<Rejection> rejections = new ArrayList<>();
    private int duplicates;

    private ClassifiedSteps() {}

    /**
     * Classifies steps.
     *
     * @param stored the steps whose number is stored, each with whether it equals the stored step
     * @param archived the numbers of archived steps, by task
     */
    static ClassifiedSteps classify(
            Collection<TaskRecords> tasks,
            Map<TaskRecords.ReceivedStep, Boolean> stored,
            Map<UUID, Set<Integer>> archived) {
        ClassifiedSteps classified = new ClassifiedSteps();
        for (TaskRecords task : tasks) {
            Set<Integer> archivedNumbers = archived.getOrDefault(task.taskId(), Set.of());
            classified.duplicates += task.duplicates();
            for (TaskRecords.ReceivedStep arrival : task.steps()) {
                boolean isArchived = archivedNumbers.contains(arrival.stepNumber());
                if (!stored.containsKey(arrival) && !isArchived) {
                    classified.add(arrival);
                }
                for (TaskRecords.ReceivedStep each : task.withNumber(arrival.stepNumber())) {
                    Boolean isSame = stored.get(each);
                    if (isSame == null && isArchived) {
                        classified.reject(task, each, RejectionCause.ARCHIVED, Rejection.ARCHIVED);
                    } else if (Boolean.TRUE.equals(isSame)) {
                        classified.duplicates++;
                    } else if (isSame != null || each != arrival) { // differs from a stored or received step
                        classified.reject(task, each, RejectionCause.CONFLICT, Rejection.CONFLICT);
                    }
                }
            }
        }
        return classified;
    }

    List<TaskRecords.ReceivedStep> toWrite() {
        return toWrite;
    }

    List<TaskRecords.ReceivedStep> newSteps(UUID taskId) {
        return byTask.getOrDefault(taskId, List.of());
    }

    List<Rejection> rejections() {
        return rejections;
    }

    int duplicates() {
        return duplicates;
    }

    private void add(TaskRecords.ReceivedStep arrival) {
        toWrite.add(arrival);
        byTask.computeIfAbsent(arrival.taskId(), id -> new ArrayList<>()).add(arrival);
    }

    private void reject(TaskRecords task, TaskRecords.ReceivedStep arrival, RejectionCause cause, String reason) {
        rejections.add(Rejection.forRecord(arrival.senderId(), task.owner(), arrival.element(), cause, reason));
    }
}
