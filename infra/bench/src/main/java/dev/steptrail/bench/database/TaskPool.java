package dev.steptrail.bench.database;

import dev.steptrail.bench.database.ExampleTask.Range;
import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.UuidV7;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** Fifty started tasks. Returns batches of new steps, in which successive messages belong to different tasks. */
final class TaskPool {
    private static final int TASKS = 50;
    private static final int STEPS_PER_MESSAGE = 20;

    private final List<UUID> ids =
            Stream.generate(() -> UuidV7.at(Instant.now())).limit(TASKS).toList();
    private int messageCount;

    TaskPool(Postgres postgres) {
        BatchWriters.write(
                MessageCodec.encode(ids.stream()
                        .map(ExampleTask::createStart)
                        .map(RecordCodec::encode)
                        .toList()),
                postgres);
    }

    /** Returns the next messages, with this number of steps in total. */
    synchronized List<Range> nextBatch(int steps) {
        List<Range> batch = new ArrayList<>();
        for (int remaining = steps; remaining > 0; remaining -= STEPS_PER_MESSAGE) {
            batch.add(new Range(
                    ids.get(messageCount % TASKS),
                    1 + messageCount / TASKS * STEPS_PER_MESSAGE,
                    Math.min(remaining, STEPS_PER_MESSAGE)));
            messageCount++;
        }
        return batch;
    }
}
