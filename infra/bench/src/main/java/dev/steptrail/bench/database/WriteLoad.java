package dev.steptrail.bench.database;

import dev.steptrail.bench.Rounds.Subject;
import dev.steptrail.bench.database.BatchWriters.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs writers concurrently, each of which writes its batches in sequence. Measures committed steps per second. */
final class WriteLoad implements Subject {
    private final List<Writer> writers;
    private final List<TaskPool> tasks;
    private final int steps;
    private final int batches;
    private long written;

    /**
     * Creates a load.
     *
     * @param tasks the tasks of each writer; writers may share a pool
     * @param steps the number of steps per batch
     * @param batches the number of batches per writer and round
     */
    WriteLoad(List<Writer> writers, List<TaskPool> tasks, int steps, int batches) {
        this.writers = writers;
        this.tasks = tasks;
        this.steps = steps;
        this.batches = batches;
    }

    /** Returns the number of steps written in all rounds. */
    long written() {
        return written;
    }

    @Override
    public double measure() throws Exception {
        CyclicBarrier start = new CyclicBarrier(writers.size() + 1);
        ExecutorService threads = Executors.newFixedThreadPool(writers.size());
        try {
            List<Future<?>> results = new ArrayList<>();
            for (int i = 0; i < writers.size(); i++) {
                List<Callable<?>> prepared = new ArrayList<>();
                for (int batch = 0; batch < batches; batch++) {
                    prepared.add(writers.get(i).prepare(tasks.get(i).nextBatch(steps)));
                }
                results.add(threads.submit(() -> {
                    start.await();
                    for (Callable<?> batch : prepared) {
                        batch.call();
                    }
                    return prepared;
                }));
            }
            start.await();
            long startNanos = System.nanoTime();
            for (Future<?> result : results) {
                result.get();
            }
            long count = (long) writers.size() * batches * steps;
            written += count;
            return count / ((System.nanoTime() - startNanos) / 1e9);
        } finally {
            threads.shutdownNow();
        }
    }
}
