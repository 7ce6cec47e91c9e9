package dev.steptrail.bench.database;

import dev.steptrail.bench.Rounds.Subject;
import dev.steptrail.bench.database.ExampleTasks.Range;
import dev.steptrail.stepformat.UuidV7;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/** Measures committed steps per second of concurrent writers. Each writer writes its batches in sequence. */
final class WriteLoad implements Subject {
    private final List<BatchWriter> writers;
    private final List<TaskPool> taskPools;
    private final int stepsPerBatch;
    private final int batchesPerWriter;
    private long written;

    /**
     * @param taskPools the tasks of each writer; writers may share a pool
     * @param batchesPerWriter the number of batches per writer and round
     */
    WriteLoad(List<BatchWriter> writers, List<TaskPool> taskPools, int stepsPerBatch, int batchesPerWriter) {
        this.writers = writers;
        this.taskPools = taskPools;
        this.stepsPerBatch = stepsPerBatch;
        this.batchesPerWriter = batchesPerWriter;
    }

    /** Fifty started tasks, of which successive messages belong to different ones. */
    static final class TaskPool {
        private static final int TASKS = 50;

        private final List<UUID> ids =
                Stream.generate(() -> UuidV7.at(Instant.now())).limit(TASKS).toList();
        private int messageCount;

        TaskPool(PostgresServer postgres) {
            BatchWriter.write(ExampleTasks.createStarts(ids), postgres);
        }

        /** Returns the next messages, with this number of steps in total. */
        private List<Range> nextBatch(int steps) {
            List<Range> batch = new ArrayList<>();
            for (int count = 0; count < steps; count += ExampleTasks.STEPS_PER_MESSAGE) {
                int first = 1 + messageCount / TASKS * ExampleTasks.STEPS_PER_MESSAGE;
                batch.add(new Range(ids.get(messageCount % TASKS), first, ExampleTasks.STEPS_PER_MESSAGE));
                messageCount++;
            }
            return batch;
        }
    }

    /** Returns the number of steps written in all rounds. */
    long written() {
        return written;
    }

    @Override
    public double measure() throws Exception {
        List<Callable<List<Callable<?>>>> work = new ArrayList<>();
        for (int i = 0; i < writers.size(); i++) {
            List<Callable<?>> prepared = new ArrayList<>();
            for (int batch = 0; batch < batchesPerWriter; batch++) {
                prepared.add(writers.get(i).prepare(taskPools.get(i).nextBatch(stepsPerBatch)));
            }
            work.add(() -> {
                for (Callable<?> batch : prepared) {
                    batch.call();
                }
                return prepared;
            });
        }
        ExecutorService threads = Executors.newFixedThreadPool(writers.size());
        try {
            long startNanos = System.nanoTime();
            for (Future<?> result : threads.invokeAll(work)) {
                result.get();
            }
            long count = (long) writers.size() * batchesPerWriter * stepsPerBatch;
            written += count;
            return count / ((System.nanoTime() - startNanos) / 1e9);
        } finally {
            threads.shutdownNow();
        }
    }
}
