package dev.steptrail.shipper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.shipper.fixture.LocalAws;
import dev.steptrail.stepformat.Screenshot;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** A consumer of the queue that stores each step once by its key, like the database. */
final class QueueConsumer {
    private final LocalAws aws;
    private final Map<List<Object>, StepRecord> byKey = new HashMap<>();
    private final Set<String> objects = new HashSet<>();
    private int deliveries;

    QueueConsumer(LocalAws aws) {
        this.aws = aws;
    }

    /** Receives the available messages. Referenced objects must exist, and a repeated step must be identical. */
    void receive() throws Exception {
        List<StepRecord> records = new ArrayList<>(aws.records());
        objects.addAll(aws.keys());
        for (StepRecord record : records) {
            deliveries++;
            if (record instanceof Step step) {
                assertThat(objects)
                        .containsAll(step.screenshots().stream()
                                .map(Screenshot::screenshotPath)
                                .toList());
            }
            StepRecord before = byKey.putIfAbsent(key(record), record);
            assertThat(record).isEqualTo(before == null ? record : before);
        }
    }

    /** The steps of a task that have arrived, by number. */
    Map<Integer, Step> steps(UUID task) {
        Map<Integer, Step> steps = new HashMap<>();
        byKey.values().forEach(record -> {
            if (record instanceof Step step && step.taskId().equals(task)) {
                steps.put(step.stepNumber(), step);
            }
        });
        return steps;
    }

    int deliveries() {
        return deliveries;
    }

    int size() {
        return byKey.size();
    }

    private static List<Object> key(StepRecord record) {
        return List.of(record.taskId(), record.getClass(), record instanceof Step step ? step.stepNumber() : 0);
    }
}
