package dev.steptrail.bench.client;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * JMH benchmarks that record in bursts. A burst starts only when the queue has capacity for one burst of every thread.
 * Otherwise items would be dropped, which is cheaper than recording. The end of each trial verifies that none were.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Bursts {
    static final int BURST = 1000;
    private static final int MAX_THREADS = 8;

    /** The system whose recording is measured. */
    @Param({"steptrail", "BatchSpanProcessor", "BatchSpanProcessor to a file", "AsyncReporter", "MPSC"})
    String system = "";

    private final AtomicLong expectedCount = new AtomicLong();
    private Recorder recorder = new MpscRecorder(); // replaced by open()

    @Setup
    public void open() throws Exception {
        recorder.close();
        recorder = switch (system) {
            case "steptrail" -> new SteptrailRecorder();
            case "BatchSpanProcessor" -> new BatchSpanRecorder(spans -> {});
            case "BatchSpanProcessor to a file" -> new BatchSpanRecorder(new SpanFile());
            case "AsyncReporter" -> new AsyncReporterRecorder();
            case "MPSC" -> new MpscRecorder();
            default -> throw new IllegalArgumentException("unknown system '" + system + "'");
        };
    }

    /** Verifies that all recorded items were processed and none was dropped. */
    @TearDown
    public void close() throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (recorder.processedCount() < expectedCount.get() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(1_000_000);
        }
        long processedCount = recorder.processedCount();
        recorder.close();
        if (processedCount != expectedCount.get()) {
            throw new IllegalStateException(
                    system + " processed " + processedCount + " of " + expectedCount.get() + " items");
        }
    }

    /** Blocks each thread until the queue has capacity for its burst. */
    @State(Scope.Thread)
    public static class Capacity {
        @Setup(Level.Invocation)
        public void await(Bursts bursts) {
            long maxPending = Recorder.CAPACITY - (long) BURST * MAX_THREADS;
            while (bursts.expectedCount.get() - bursts.recorder.processedCount() > maxPending) {
                LockSupport.parkNanos(50_000);
            }
            bursts.expectedCount.addAndGet(BURST);
        }
    }

    @Benchmark
    @OperationsPerInvocation(BURST)
    public void record(Capacity capacity) {
        Recorder local = recorder;
        for (int i = 0; i < BURST; i++) {
            local.record();
        }
    }

    @Benchmark
    @OperationsPerInvocation(BURST)
    public void buildAndRecord(Capacity capacity) {
        Recorder local = recorder;
        for (int i = 0; i < BURST; i++) {
            local.buildAndRecord();
        }
    }
}
