package dev.steptrail.store.ingest;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Sorts the steps of a batch into new ones, duplicates, conflicts, and those whose number is in an archive. */
final class NewSteps {
    private final Map<UUID, List<TaskArrivals.Arrival>> byTask = new HashMap<>();
    private final List<TaskArrivals.Arrival> toWrite = new ArrayList<>();
    private final List<Rejection> rejections = new ArrayList<>();
    private int duplicates;

    private NewSteps() {}

    /**
     * Sorts them.
     *
     * @param there whether a step equals the row of its number, for steps whose number has a row
     * @param archived numbers by task; such a step without a row is in an archive
     */
    static NewSteps of(
            Collection<TaskArrivals> tasks,
            Map<TaskArrivals.Arrival, Boolean> there,
            Map<UUID, Set<Integer>> archived) {
        NewSteps sorted = new NewSteps();
        for (TaskArrivals task : tasks) {
            Set<Integer> away = archived.getOrDefault(task.taskId(), Set.of());
            sorted.duplicates += task.duplicates();
            for (TaskArrivals.Arrival arrival : task.steps()) {
                boolean isAway = away.contains(arrival.stepNumber());
                if (!there.containsKey(arrival) && !isAway) {
                    sorted.add(arrival);
                }
                for (TaskArrivals.Arrival each : task.ofNumber(arrival.stepNumber())) {
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

    List<TaskArrivals.Arrival> toWrite() {
        return toWrite;
    }

    /** Returns the new steps of a task. */
    List<TaskArrivals.Arrival> of(UUID taskId) {
        return byTask.getOrDefault(taskId, List.of());
    }

    List<Rejection> rejections() {
        return rejections;
    }

    int duplicates() {
        return duplicates;
    }

    private void add(TaskArrivals.Arrival arrival) {
        toWrite.add(arrival);
        byTask.computeIfAbsent(arrival.taskId(), id -> new ArrayList<>()).add(arrival);
    }

    private void reject(TaskArrivals task, TaskArrivals.Arrival arrival, RejectionCause cause, String reason) {
        rejections.add(Rejection.ofRecord(arrival.senderId(), task.owner(), arrival.element(), cause, reason));
    }
}
