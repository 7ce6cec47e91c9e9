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
 * Hands over bursts, each of which begins when there is room for it and for one of every other thread: so nothing is
 * refused, which would be cheaper than to take it. That nothing was is checked at the end.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Bursts {
    static final int BURST = 1000;
    private static final int MAX_THREADS = 8;

    /** Whose hand-off. */
    @Param({"steptrail", "BatchSpanProcessor", "BatchSpanProcessor to a file", "AsyncReporter", "MPSC"})
    String system = "";

    private final AtomicLong promised = new AtomicLong();
    private Recorder recorder = new MpscRecorder();

    @Setup
    public void open() throws Exception {
        recorder.close();
        recorder = switch (system) {
            case "steptrail" -> new SteptrailRecorder();
            case "BatchSpanProcessor" -> new BatchSpanRecorder(spans -> {});
            case "BatchSpanProcessor to a file" -> new BatchSpanRecorder(new SpanFile());
            case "AsyncReporter" -> new AsyncReporterRecorder();
            case "MPSC" -> new MpscRecorder();
            default -> throw new IllegalArgumentException("no system is called " + system);
        };
    }

    /** Every burst that was promised must have been finished, so nothing was dropped. */
    @TearDown
    public void close() throws Exception {
        long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (recorder.finished() < promised.get() && System.nanoTime() < patience) {
            LockSupport.parkNanos(1_000_000);
        }
        long finished = recorder.finished();
        recorder.close();
        if (finished != promised.get()) {
            throw new IllegalStateException(system + " finished " + finished + " of " + promised.get());
        }
    }

    /** Makes each thread wait for its room. */
    @State(Scope.Thread)
    public static class Room {
        @Setup(Level.Invocation)
        public void await(Bursts bursts) {
            long allowed = Recorder.CAPACITY - (long) BURST * MAX_THREADS;
            while (bursts.promised.get() - bursts.recorder.finished() > allowed) {
                LockSupport.parkNanos(50_000);
            }
            bursts.promised.addAndGet(BURST);
        }
    }

    @Benchmark
    @OperationsPerInvocation(BURST)
    public void record(Room room) {
        Recorder to = recorder;
        for (int i = 0; i < BURST; i++) {
            to.record();
        }
    }

    @Benchmark
    @OperationsPerInvocation(BURST)
    public void makeAndRecord(Room room) {
        Recorder to = recorder;
        for (int i = 0; i < BURST; i++) {
            to.makeAndRecord();
        }
    }
}
