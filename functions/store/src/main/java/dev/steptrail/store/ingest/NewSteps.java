package dev.steptrail.store.ingest;

import dev.steptrail.store.model.RejectionCause;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Parts the steps of a batch into those to write, those that are there already, those that say something else, and those of
 * which nobody can tell, as the step of that number is in an archive.
 */
final class NewSteps {
    private final Map<UUID, List<TaskArrivals.Arrival>> byTask = new HashMap<>();
    private final List<TaskArrivals.Arrival> toWrite = new ArrayList<>();
    private final List<Rejection> rejections = new ArrayList<>();
    private int duplicates;

    private NewSteps() {}

    /**
     * Parts them.
     *
     * @param there of the steps whose number has a row, whether they say what it says
     * @param archived numbers, by tasks, of steps that are in an archive if they have no row
     */
    static NewSteps of(
            Collection<TaskArrivals> tasks,
            Map<TaskArrivals.Arrival, Boolean> there,
            Map<UUID, Set<Integer>> archived) {
        NewSteps parted = new NewSteps();
        for (TaskArrivals task : tasks) {
            Set<Integer> away = archived.getOrDefault(task.taskId(), Set.of());
            parted.duplicates += task.duplicates();
            for (TaskArrivals.Arrival arrival : task.steps()) {
                boolean isAway = away.contains(arrival.stepNumber());
                if (!there.containsKey(arrival) && !isAway) {
                    parted.add(arrival);
                }
                for (TaskArrivals.Arrival each : task.ofNumber(arrival.stepNumber())) {
                    Boolean isSame = there.get(each);
                    if (isSame != null) {
                        parted.compared(task, each, isSame);
                    } else if (isAway) {
                        parted.reject(task, each, RejectionCause.ARCHIVED, Rejection.ARCHIVED);
                    } else if (each != arrival) {
                        parted.reject(task, each, RejectionCause.CONFLICT, Rejection.CONFLICT);
                    }
                }
            }
        }
        return parted;
    }

    /** All to be written. */
    List<TaskArrivals.Arrival> toWrite() {
        return toWrite;
    }

    /** Those of a task. */
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

    private void compared(TaskArrivals task, TaskArrivals.Arrival arrival, boolean isSame) {
        if (isSame) {
            duplicates++;
        } else {
            reject(task, arrival, RejectionCause.CONFLICT, Rejection.CONFLICT);
        }
    }

    private void reject(TaskArrivals task, TaskArrivals.Arrival arrival, RejectionCause cause, String reason) {
        rejections.add(Rejection.ofRecord(arrival.senderId(), task.owner(), arrival.element(), cause, reason));
    }
}
