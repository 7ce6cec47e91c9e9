package dev.steptrail.store.ingest;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Sorts the steps of a batch into new ones, duplicates, conflicts, and those whose number is in an archive. */
final class ClassifiedSteps {
    private final Map<UUID, List<TaskRecords.Arrival>> byTask = new HashMap<>();
    private final List<TaskRecords.Arrival> toWrite = new ArrayList<>();
    private final List<Rejection> rejections = new ArrayList<>();
    private int duplicates;

    private ClassifiedSteps() {}

    /**
     * Sorts them.
     *
     * @param there whether a step equals the row of its number, for steps whose number has a row
     * @param archived numbers by task; such a step without a row is in an archive
     */
    static ClassifiedSteps of(
            Collection<TaskRecords> tasks,
            Map<TaskRecords.Arrival, Boolean> there,
            Map<UUID, Set<Integer>> archived) {
        ClassifiedSteps sorted = new ClassifiedSteps();
        for (TaskRecords task : tasks) {
            Set<Integer> away = archived.getOrDefault(task.taskId(), Set.of());
            sorted.duplicates += task.duplicates();
            for (TaskRecords.Arrival arrival : task.steps()) {
                boolean isAway = away.contains(arrival.stepNumber());
                if (!there.containsKey(arrival) && !isAway) {
                    sorted.add(arrival);
                }
                for (TaskRecords.Arrival each : task.ofNumber(arrival.stepNumber())) {
                    Boolean isSame = there.get(each);
                    if (isSame == null && isAway) {
                        sorted.reject(task, each, RejectionCause.ARCHIVED, Rejection.ARCHIVED);
                    } else if (Boolean.TRUE.equals(isSame)) {
                        sorted.duplicates++;
                    } else if (isSame != null || each != arrival) {
                        sorted.reject(task, each, RejectionCause.CONFLICT, Rejection.CONFLICT);
                    }
                }
            }
        }
        return sorted;
    }

    List<TaskRecords.Arrival> toWrite() {
        return toWrite;
    }

    /** Returns the new steps of a task. */
    List<TaskRecords.Arrival> of(UUID taskId) {
        return byTask.getOrDefault(taskId, List.of());
    }

    List<Rejection> rejections() {
        return rejections;
    }

    int duplicates() {
        return duplicates;
    }

    private void add(TaskRecords.Arrival arrival) {
        toWrite.add(arrival);
        byTask.computeIfAbsent(arrival.taskId(), id -> new ArrayList<>()).add(arrival);
    }

    private void reject(TaskRecords task, TaskRecords.Arrival arrival, RejectionCause cause, String reason) {
        rejections.add(Rejection.ofRecord(arrival.senderId(), task.owner(), arrival.element(), cause, reason));
    }
}
