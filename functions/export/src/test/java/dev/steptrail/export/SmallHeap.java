package dev.steptrail.export;

import dev.steptrail.store.TestContext;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.time.Duration;

/** A program: makes the exports that these messages ask for, and prints what each took. */
final class SmallHeap {
    private SmallHeap() {}

    /** With the settings in the environment. */
    public static void main(String[] messages) {
        for (String message : messages) {
            long begun = System.nanoTime();
            try (ExportHandler handler = new ExportHandler(System.getenv())) {
                handler.handleRequest(Asked.event(message), new TestContext(Duration.ofMinutes(15)));
            }
            System.out.printf(
                    "%s %d ms, at most %d MiB of heap%n",
                    message.replaceFirst("\\?.*|.*\\.", ""), (System.nanoTime() - begun) / 1_000_000, peak());
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
