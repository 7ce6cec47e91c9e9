package dev.steptrail.bench.database;

import dev.steptrail.bench.Rounds.Subject;
import dev.steptrail.bench.database.ExampleTasks.Range;
import dev.steptrail.stepformat.UuidV7;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/** Measures the committed steps per second of a writer, which writes its batches in sequence. */
final class WriteLoad implements Subject {
    private static final int STEPS_PER_ROUND = 2000;
    private static final int TASKS = 50;

    private final BatchWriter writer;
    private final int stepsPerBatch;
    private final List<UUID> tasks =
            Stream.generate(() -> UuidV7.at(Instant.now())).limit(TASKS).toList();
    private int messageCount;

    /** Starts fifty tasks, of which successive messages belong to different ones. */
    WriteLoad(BatchWriter writer, int stepsPerBatch, PostgresServer postgres) {
        this.writer = writer;
        this.stepsPerBatch = stepsPerBatch;
        BatchWriter.write(ExampleTasks.createStarts(tasks), postgres);
    }

    /** Returns the number of steps written in all rounds. */
    long written() {
        return (long) messageCount * ExampleTasks.STEPS_PER_MESSAGE;
    }

    @Override
    public double measure() throws Exception {
        List<Callable<?>> batches = new ArrayList<>();
        for (int steps = 0; steps < STEPS_PER_ROUND; steps += stepsPerBatch) {
            batches.add(writer.prepare(nextBatch()));
        }
        long startNanos = System.nanoTime();
        for (Callable<?> batch : batches) {
            batch.call();
        }
        return STEPS_PER_ROUND / ((System.nanoTime() - startNanos) / 1e9);
    }

    private List<Range> nextBatch() {
        List<Range> batch = new ArrayList<>();
        for (int count = 0; count < stepsPerBatch; count += ExampleTasks.STEPS_PER_MESSAGE) {
            int first = 1 + messageCount / TASKS * ExampleTasks.STEPS_PER_MESSAGE;
            batch.add(new Range(tasks.get(messageCount % TASKS), first, ExampleTasks.STEPS_PER_MESSAGE));
            messageCount++;
        }
        return batch;
    }
}
