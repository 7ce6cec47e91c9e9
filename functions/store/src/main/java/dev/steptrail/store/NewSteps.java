package dev.steptrail.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Parts the steps of a batch into those to write, those that are there already, and those that say something else. */
final class NewSteps {
    private final Map<UUID, List<TaskArrivals.Arrival>> byTask = new HashMap<>();
    private final List<TaskArrivals.Arrival> toWrite = new ArrayList<>();
    private final List<Rejection> conflicts = new ArrayList<>();
    private int duplicates;

    private NewSteps() {}

    static NewSteps of(Collection<TaskArrivals> tasks, Collection<StoredStep> existing) {
        Map<UUID, Map<Integer, StoredStep>> there = new HashMap<>();
        existing.forEach(step ->
                there.computeIfAbsent(step.taskId(), id -> new HashMap<>()).put(step.stepNumber(), step));
        NewSteps parted = new NewSteps();
        for (TaskArrivals task : tasks) {
            Map<Integer, StoredStep> ofTask = there.getOrDefault(task.taskId(), Map.of());
            parted.duplicates += task.duplicates();
            for (TaskArrivals.Arrival arrival : task.steps()) {
                StoredStep before = ofTask.get(arrival.stepNumber());
                if (before == null) {
                    parted.add(arrival);
                } else {
                    parted.compare(task, arrival, before);
                }
            }
            for (TaskArrivals.Arrival arrival : task.conflicting()) {
                StoredStep before = ofTask.get(arrival.stepNumber());
                if (before == null) {
                    parted.conflict(task, arrival);
                } else {
                    parted.compare(task, arrival, before);
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

    List<Rejection> conflicts() {
        return conflicts;
    }

    int duplicates() {
        return duplicates;
    }

    private void add(TaskArrivals.Arrival arrival) {
        toWrite.add(arrival);
        byTask.computeIfAbsent(arrival.taskId(), id -> new ArrayList<>()).add(arrival);
    }

    private void compare(TaskArrivals task, TaskArrivals.Arrival arrival, StoredStep before) {
        if (SameStep.test(arrival.row(), before)) {
            duplicates++;
        } else {
            conflict(task, arrival);
        }
    }

    private void conflict(TaskArrivals task, TaskArrivals.Arrival arrival) {
        conflicts.add(Rejection.ofRecord(arrival.senderId(), task.owner(), arrival.element(), Rejection.CONFLICT));
    }
}
