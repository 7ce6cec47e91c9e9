package dev.steptrail.bench.ingest;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Writers, of each the tasks that it writes to, and how much they write at a time.
 *
 * @param tasks one for each writer, or the same for several
 * @param steps of a batch
 * @param batches that each writes, one after the other, in a round
 */
record Side(List<? extends Writer> writers, List<Tasks> tasks, int steps, int batches) {
    static Side of(Writer writer, Tasks tasks, int steps, int batches) {
        return new Side(List.of(writer), List.of(tasks), steps, batches);
    }

    /** How many steps a round brings. */
    int stepsOfRound() {
        return writers.size() * batches * steps;
    }

    /** One round: how many new steps a second all writers together brought to be committed. */
    double rate() throws Exception {
        List<List<Writer.Prepared>> work = new ArrayList<>();
        for (int i = 0; i < writers.size(); i++) {
            work.add(prepared(writers.get(i), tasks.get(i)));
        }
        return stepsOfRound() / (nanos(work) / 1e9);
    }

    private List<Writer.Prepared> prepared(Writer writer, Tasks of) throws SQLException {
        List<Writer.Prepared> prepared = new ArrayList<>();
        for (int i = 0; i < batches; i++) {
            prepared.add(writer.prepare(of.batch(steps)));
        }
        return prepared;
    }

    private static long nanos(List<List<Writer.Prepared>> work) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(work.size());
        try {
            CyclicBarrier start = new CyclicBarrier(work.size() + 1);
            List<Future<?>> written = new ArrayList<>();
            for (List<Writer.Prepared> ofWriter : work) {
                written.add(threads.submit(() -> {
                    start.await();
                    for (Writer.Prepared batch : ofWriter) {
                        batch.write();
                    }
                    return null;
                }));
            }
            start.await();
            long begun = System.nanoTime();
            for (Future<?> writer : written) {
                writer.get();
            }
            return System.nanoTime() - begun;
        } finally {
            threads.shutdownNow();
        }
    }
}
