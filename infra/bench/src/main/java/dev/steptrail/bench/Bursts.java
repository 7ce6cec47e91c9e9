package dev.steptrail.bench;

import dev.steptrail.tracker.StepData;
import dev.steptrail.tracker.StepTracker;
import dev.steptrail.tracker.TrackedTask;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
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
@SuppressWarnings("NullAway.Init") // JMH calls open first
public class Bursts {
    static final int BURST = 1000;
    private static final int MAX_THREADS = 8;
    private static final int CAPACITY = 16_384;
    private static final String THINKING =
            "The slider is half way to the right. To turn the volume up I tap near its right end.";

    /** The system whose recording is measured: "steptrail" or "BatchSpanProcessor". */
    @Param({"steptrail", "BatchSpanProcessor"})
    String system = "";

    /** The folder in which the tracker creates its outbox. */
    @Param("")
    String folder = "";

    private final AtomicLong expectedCount = new AtomicLong();
    private Runnable record;
    private LongSupplier processedCount;
    private AutoCloseable recorder;

    @Setup
    public void open() throws IOException {
        if (system.equals("steptrail")) {
            openTracker();
        } else {
            openSpanProcessor();
        }
    }

    private void openTracker() throws IOException {
        StepTracker tracker = StepTracker.builder(Path.of(folder, "outbox"))
                .maxQueuedSteps(CAPACITY)
                .shipping(false)
                .build();
        TrackedTask task = tracker.startTask("a task");
        StepData step = StepData.action(Map.of("action", "Tap", "element", List.of(499, 842)))
                .thinking(THINKING)
                .duration(Duration.ofMillis(3120))
                .succeeded()
                .build();
        record = () -> task.record(step);
        processedCount = () -> tracker.stats().written();
        recorder = tracker;
    }

    /** Opens a processor whose exporter only counts the spans. */
    private void openSpanProcessor() {
        AtomicLong exported = new AtomicLong();
        BatchSpanProcessor processor = BatchSpanProcessor.builder(new CountingExporter(exported))
                .setMaxQueueSize(CAPACITY)
                .setScheduleDelay(Duration.ofMillis(100))
                .build();
        Span span;
        try (SdkTracerProvider provider = SdkTracerProvider.builder().build()) {
            span = provider.get("bench")
                    .spanBuilder("step")
                    .setAttribute(AttributeKey.stringKey("action"), "Tap")
                    .setAttribute(AttributeKey.longArrayKey("element"), List.of(499L, 842L))
                    .setAttribute("thinking", THINKING)
                    .setAttribute("duration_ms", 3120L)
                    .setAttribute("success", true)
                    .startSpan();
            span.end();
        }
        ReadableSpan ended = (ReadableSpan) span;
        record = () -> processor.onEnd(ended);
        processedCount = exported::get;
        recorder = processor;
    }

    private record CountingExporter(AtomicLong exported) implements SpanExporter {
        @Override
        public CompletableResultCode export(Collection<SpanData> spans) {
            exported.addAndGet(spans.size());
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }

    /** Verifies that all recorded items were processed and none was dropped. */
    @TearDown
    public void close() throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (processedCount.getAsLong() < expectedCount.get() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(1_000_000);
        }
        long processed = processedCount.getAsLong();
        recorder.close();
        if (processed != expectedCount.get()) {
            throw new IllegalStateException(
                    system + " processed " + processed + " of " + expectedCount.get() + " items");
        }
    }

    /** Blocks each thread until the queue has capacity for its burst. */
    @State(Scope.Thread)
    public static class Capacity {
        @Setup(Level.Invocation)
        public void await(Bursts bursts) {
            long maxPending = CAPACITY - (long) BURST * MAX_THREADS;
            while (bursts.expectedCount.get() - bursts.processedCount.getAsLong() > maxPending) {
                LockSupport.parkNanos(50_000);
            }
            bursts.expectedCount.addAndGet(BURST);
        }
    }

    @Benchmark
    @OperationsPerInvocation(BURST)
    public void record(Capacity capacity) {
        Runnable local = record;
        for (int i = 0; i < BURST; i++) {
            local.run();
        }
    }
}
