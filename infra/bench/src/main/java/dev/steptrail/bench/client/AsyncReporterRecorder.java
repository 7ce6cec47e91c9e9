package dev.steptrail.bench.client;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import zipkin2.Span;
import zipkin2.reporter.AsyncReporter;
import zipkin2.reporter.BytesMessageSender;
import zipkin2.reporter.Encoding;

/** zipkin-reporter's AsyncReporter without metrics, and with a sender that only counts spans. */
final class AsyncReporterRecorder implements Recorder {
    private final AtomicLong sent = new AtomicLong();
    private final AsyncReporter<Span> reporter;
    private final Span prebuilt = createSpan();

    AsyncReporterRecorder() {
        reporter = AsyncReporter.builder(countingSender())
                .queuedMaxSpans(CAPACITY)
                .messageTimeout(100, TimeUnit.MILLISECONDS)
                .build();
    }

    private static Span createSpan() {
        return Span.newBuilder()
                .traceId("86154a4ba6e91385")
                .id("4d1e00c0db9010db")
                .name("step")
                .timestamp(System.currentTimeMillis() * 1000)
                .duration(3_120_000)
                .putTag("action", "Tap")
                .putTag("element", "[499, 842]")
                .putTag("thinking", THINKING)
                .putTag("success", "true")
                .build();
    }

    @Override
    public void record() {
        reporter.report(prebuilt);
    }

    @Override
    public void buildAndRecord() {
        reporter.report(createSpan());
    }

    @Override
    public long processedCount() {
        return sent.get();
    }

    @Override
    public void close() {
        reporter.close();
    }

    private BytesMessageSender countingSender() {
        return new BytesMessageSender.Base(Encoding.JSON) {
            @Override
            public int messageMaxBytes() {
                return 500_000;
            }

            @Override
            public void send(List<byte[]> spans) {
                sent.addAndGet(spans.size());
            }

            @Override
            public void close() {}
        };
    }
}
