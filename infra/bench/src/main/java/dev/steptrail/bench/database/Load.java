package dev.steptrail.bench.database;

import dev.steptrail.bench.Rounds.Turn;
import dev.steptrail.bench.database.Writers.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Writers that write at the same time, each its batches one after the other. Its figure is the rate of committed steps a second. */
final class Load implements Turn {
    private final List<Writer> writers;
    private final List<Tasks> tasks;
    private final int steps;
    private final int batches;
    private long written;

    /**
     * One load.
     *
     * @param tasks for each writer, or the same for several
     * @param steps of a batch
     * @param batches of each writer in a round
     */
    Load(List<Writer> writers, List<Tasks> tasks, int steps, int batches) {
        this.writers = writers;
        this.tasks = tasks;
        this.steps = steps;
        this.batches = batches;
    }

    /** How many steps it has written. */
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
                    prepared.add(writers.get(i).prepare(tasks.get(i).batch(steps)));
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
            long begun = System.nanoTime();
            for (Future<?> result : results) {
                result.get();
            }
            long count = (long) writers.size() * batches * steps;
            written += count;
            return count / ((System.nanoTime() - begun) / 1e9);
        } finally {
            threads.shutdownNow();
        }
    }
}
