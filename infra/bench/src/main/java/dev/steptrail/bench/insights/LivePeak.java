package dev.steptrail.bench.insights;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.concurrent.TimeUnit;

/**
 * The most that lives on the heap of this JVM at once while a piece of work is done: the most that any of many full collections left, some fifteen a
 * second. What comes and goes between two of them is not seen, so the work has to be at its peak again and again. It takes longer for being
 * looked at.
 */
final class LivePeak {
    private static final long PAUSE_MILLIS = 40;

    private volatile boolean ended;
    private volatile long bytes;

    private LivePeak() {}

    /** Something to do. */
    interface Work {
        void run() throws Exception;
    }

    /** In bytes. */
    static long during(Work work) throws Exception {
        LivePeak peak = new LivePeak();
        Thread collecting = new Thread(peak::collect, "collecting");
        collecting.start();
        try {
            work.run();
        } finally {
            peak.ended = true;
            collecting.join();
        }
        return peak.bytes;
    }

    private void collect() {
        while (!ended) {
            System.gc();
            bytes = Math.max(bytes, left());
            try {
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts it", e);
            }
        }
    }

    /** What the last collection of each part of the heap left there, without what was made since. */
    private static long left() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getCollectionUsage)
                .mapToLong(usage -> usage == null ? 0 : usage.getUsed())
                .sum();
    }
}
