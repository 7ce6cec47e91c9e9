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

/** Measures committed steps per second of concurrent writers. Each writer writes its batches in sequence. */
final class WriteLoad implements Subject {
    private final List<Writer> writers;
    private final List<TaskPool> taskPools;
    private final int stepsPerBatch;
    private final int batchesPerWriter;
    private long written;

    /**
     * @param taskPools the tasks of each writer; writers may share a pool
     * @param stepsPerBatch the number of steps per batch
     * @param batchesPerWriter the number of batches per writer and round
     */
    WriteLoad(List<Writer> writers, List<TaskPool> taskPools, int stepsPerBatch, int batchesPerWriter) {
        this.writers = writers;
        this.taskPools = taskPools;
        this.stepsPerBatch = stepsPerBatch;
        this.batchesPerWriter = batchesPerWriter;
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
                for (int batch = 0; batch < batchesPerWriter; batch++) {
                    prepared.add(writers.get(i).prepare(taskPools.get(i).nextBatch(stepsPerBatch)));
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
            long count = (long) writers.size() * batchesPerWriter * stepsPerBatch;
            written += count;
            return count / ((System.nanoTime() - startNanos) / 1e9);
        } finally {
            threads.shutdownNow();
        }
    }
}
