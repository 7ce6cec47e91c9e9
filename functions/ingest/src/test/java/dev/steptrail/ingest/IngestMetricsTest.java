package dev.steptrail.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.aws.LambdaFunction;
import dev.steptrail.aws.MetricSink;
import dev.steptrail.aws.Metrics;
import dev.steptrail.store.TestContext;
import dev.steptrail.store.ingest.RejectionCause;
import dev.steptrail.store.ingest.WriteListener.Rejected;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class IngestMetricsTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

    private final Metrics metrics = new Metrics(LambdaFunction.INGEST, "request-1");
    private final IngestMetrics listener = new IngestMetrics(metrics, InstantSource.fixed(NOW));

    @Test
    void lagOfAStep_isTheTimeFromItsTimestampToItsCommit() {
        onWrittenAt(NOW.minusMillis(1234));

        assertThat(line()).contains("\"EndToEndLag\":1234,").contains("\"StepsWithFutureTimestamp\":0");
    }

    @Test
    void clockAhead_isCounted_andLagIsZero() {
        onWrittenAt(NOW.plusSeconds(3600));
        onWrittenAt(NOW.minusMillis(5));

        assertThat(line()).contains("\"EndToEndLag\":[0,5]").contains("\"StepsWithFutureTimestamp\":1");
    }

    @Test
    void importedOldRecording_hasNoLag() {
        onWrittenAt(NOW.minus(Duration.ofDays(7)).minusMillis(1));
        assertThat(line()).doesNotContain("EndToEndLag");

        onWrittenAt(NOW.minus(Duration.ofDays(7)));
        assertThat(line()).contains("\"EndToEndLag\":604800000");
    }

    @Test
    void repeatedRejection_isNotCountedAgain() {
        listener.onRejected(new Rejected("1", RejectionCause.UNREADABLE, "a reason", true));
        listener.onRejected(new Rejected("2", RejectionCause.UNREADABLE, "a reason", false));

        assertThat(line()).contains("\"Rejected\":1");
        assertThat(lines().get(1))
                .contains("\"Reason\":\"Unreadable\",\"Rejected\":1")
                .doesNotContain("a reason");
    }

    private void onWrittenAt(Instant time) {
        listener.onWritten(new UUID(0, 1), time);
    }

    private String line() {
        return lines().get(0);
    }

    private List<String> lines() {
        TestContext context = new TestContext();
        MetricSink.LOG.write(metrics, context);
        return context.metricLines();
    }
}
