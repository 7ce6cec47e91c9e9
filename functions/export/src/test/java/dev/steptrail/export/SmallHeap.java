package dev.steptrail.export;

import dev.steptrail.store.TestContext;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.time.Duration;

/** A program: makes the exports of which it is given the keys, and prints what each took. */
final class SmallHeap {
    private SmallHeap() {}

    /** With the settings in the environment. */
    public static void main(String[] keys) {
        for (String key : keys) {
            long begun = System.nanoTime();
            try (ExportHandler handler = new ExportHandler(System.getenv())) {
                handler.handleRequest(Asked.event(key), new TestContext(Duration.ofMinutes(15)));
            }
            System.out.printf(
                    "%s %d ms, at most %d MiB of heap%n",
                    key.substring(key.lastIndexOf('.') + 1), (System.nanoTime() - begun) / 1_000_000, peak());
        }
    }

    private static long peak() {
        long used = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            used += pool.getType() == MemoryType.HEAP ? pool.getPeakUsage().getUsed() : 0;
            pool.resetPeakUsage();
        }
        return used / 1024 / 1024;
    }
}
