package dev.steptrail.export;

import com.sun.management.OperatingSystemMXBean;
import dev.steptrail.store.TestContext;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.time.Duration;

/**
 * A program that makes the export in a message, and prints its processor time, including start-up, and its peak memory.
 */
final class SmallHeap {
    private static final long MILLISECOND = 1_000_000;

    private SmallHeap() {}

    /** Reads the settings from the environment. */
    public static void main(String[] message) {
        long start = System.nanoTime();
        try (ExportHandler handler = new ExportHandler(System.getenv())) {
            handler.handleRequest(ExportEvents.event(message[0]), new TestContext(Duration.ofMinutes(15)));
        }
        System.out.printf(
                "%s: %d ms, %d of them a processor's, at most %d MiB of heap%n",
                message[0].replaceFirst("\\?.*|.*\\.", ""),
                (System.nanoTime() - start) / MILLISECOND,
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime() / MILLISECOND,
                peak());
    }

    private static long peak() {
        long used = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            used += pool.getType() == MemoryType.HEAP ? pool.getPeakUsage().getUsed() : 0;
        }
        return used / 1024 / 1024;
    }
}
