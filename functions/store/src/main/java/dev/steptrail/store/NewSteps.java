package dev.steptrail.store;

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

    /** @param archived numbers, by tasks, of steps that are in an archive if they have no row */
    static NewSteps of(
            Collection<TaskArrivals> tasks, Collection<StoredStep> existing, Map<UUID, Set<Integer>> archived) {
        Map<UUID, Map<Integer, StoredStep>> there = new HashMap<>();
        existing.forEach(step ->
                there.computeIfAbsent(step.taskId(), id -> new HashMap<>()).put(step.stepNumber(), step));
        NewSteps parted = new NewSteps();
        for (TaskArrivals task : tasks) {
            Map<Integer, StoredStep> ofTask = there.getOrDefault(task.taskId(), Map.of());
            Set<Integer> awayOfTask = archived.getOrDefault(task.taskId(), Set.of());
            parted.duplicates += task.duplicates();
            for (TaskArrivals.Arrival arrival : task.steps()) {
                StoredStep before = ofTask.get(arrival.stepNumber());
                if (before != null) {
                    parted.compare(task, arrival, before);
                } else if (awayOfTask.contains(arrival.stepNumber())) {
                    parted.reject(task, arrival, Rejection.ARCHIVED);
                } else {
                    parted.add(arrival);
                }
            }
            for (TaskArrivals.Arrival arrival : task.conflicting()) {
                StoredStep before = ofTask.get(arrival.stepNumber());
                if (before != null) {
                    parted.compare(task, arrival, before);
                } else {
                    boolean away = awayOfTask.contains(arrival.stepNumber());
                    parted.reject(task, arrival, away ? Rejection.ARCHIVED : Rejection.CONFLICT);
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

    private void compare(TaskArrivals task, TaskArrivals.Arrival arrival, StoredStep before) {
        if (SameStep.test(arrival.row(), before)) {
            duplicates++;
        } else {
            reject(task, arrival, Rejection.CONFLICT);
        }
    }

    private void reject(TaskArrivals task, TaskArrivals.Arrival arrival, String reason) {
        rejections.add(Rejection.ofRecord(arrival.senderId(), task.owner(), arrival.element(), reason));
    }
}
