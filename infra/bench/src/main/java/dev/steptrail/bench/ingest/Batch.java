package dev.steptrail.bench.ingest;

import dev.steptrail.bench.database.StepKey;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What the queue delivers at a time.
 *
 * @param fresh messages that come for the first time
 * @param again messages that were delivered before
 */
record Batch(List<Message> fresh, List<Message> again) {
    /** Steps of one task that follow each other, sent together. */
    record Message(UUID task, int first, int steps) {
        int last() {
            return first + steps - 1;
        }

        Stream<StepKey> keys() {
            return IntStream.rangeClosed(first, last()).mapToObj(number -> new StepKey(task, number));
        }
    }

    Stream<Message> messages() {
        return Stream.concat(fresh.stream(), again.stream());
    }

    /** How many steps are new. */
    int size() {
        return fresh.stream().mapToInt(Message::steps).sum();
    }
}
