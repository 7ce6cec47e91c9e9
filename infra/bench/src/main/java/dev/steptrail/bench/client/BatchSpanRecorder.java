package dev.steptrail.bench.client;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** OpenTelemetry's BatchSpanProcessor. It drops spans silently if its queue is full; see {@link Bursts}. */
final class BatchSpanRecorder implements Recorder {
    private static final AttributeKey<String> THINKING = AttributeKey.stringKey("thinking");
    private static final AttributeKey<String> ACTION = AttributeKey.stringKey("action");
    private static final AttributeKey<List<Long>> ELEMENT = AttributeKey.longArrayKey("element");
    private static final AttributeKey<Long> DURATION = AttributeKey.longKey("duration_ms");
    private static final AttributeKey<Boolean> SUCCESS = AttributeKey.booleanKey("success");

    private final AtomicLong exported = new AtomicLong();
    private final BatchSpanProcessor processor;
    private final SdkTracerProvider provider;
    private final Tracer tracer;
    private final ReadableSpan prebuilt;

    /** @param exporter receives the batches of spans */
    BatchSpanRecorder(Consumer<Collection<SpanData>> exporter) {
        processor = BatchSpanProcessor.builder(new CountingExporter(exporter, exported))
                .setMaxQueueSize(CAPACITY)
                .setScheduleDelay(Duration.ofMillis(100))
                .build();
        provider = SdkTracerProvider.builder().addSpanProcessor(processor).build();
        tracer = provider.get("bench");
        try (SdkTracerProvider withoutProcessor = SdkTracerProvider.builder().build()) {
            prebuilt = (ReadableSpan) createSpan(withoutProcessor.get("bench"));
        }
    }

    private static Span createSpan(Tracer tracer) {
        Span span = tracer.spanBuilder("step")
                .setAttribute(ACTION, "Tap")
                .setAttribute(ELEMENT, List.of(499L, 842L))
                .startSpan();
        span.setAttribute(THINKING, Recorder.THINKING);
        span.setAttribute(DURATION, 3120L);
        span.setAttribute(SUCCESS, true);
        span.end();
        return span;
    }

    @Override
    public void record() {
        processor.onEnd(prebuilt);
    }

    @Override
    public void buildAndRecord() {
        createSpan(tracer);
    }

    @Override
    public long processedCount() {
        return exported.get();
    }

    @Override
    public void close() {
        provider.close();
    }

    private record CountingExporter(Consumer<Collection<SpanData>> exporter, AtomicLong exported)
            implements SpanExporter {
        @Override
        public CompletableResultCode export(Collection<SpanData> spans) {
            exporter.accept(spans);
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
}
