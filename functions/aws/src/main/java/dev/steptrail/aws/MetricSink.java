package dev.steptrail.aws;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** The destination of an invocation's metric lines. Thread-safe. */
public enum MetricSink {
    /**
     * Standard output, flushed after each line. Metrics must not be modified, and Lambda forwards standard output
     * unmodified even if the log format is JSON (<a
     * href="https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html">Configuring JSON and
     * plain text log formats</a>). The environment contains the {@linkplain MetricSettings#of settings}.
     */
    STANDARD_OUTPUT {
        @Override
        MetricSettings settings() {
            return MetricSettings.of(new Settings(System.getenv()));
        }

        @Override
        void write(String line, Context context) {
            byte[] octets = (line + "\n").getBytes(StandardCharsets.UTF_8);
            System.out.write(octets, 0, octets.length);
            System.out.flush();
        }
    },

    /** The invocation's log, at level DEBUG, for environments without CloudWatch metrics. */
    LOG {
        @Override
        MetricSettings settings() {
            return MetricSettings.LOCAL;
        }

        @Override
        void write(String line, Context context) {
            context.getLogger().log(line + "\n", LogLevel.DEBUG);
        }
    };

    /**
     * Writes one line per combination of dimensions; writes nothing if there are no metrics.
     *
     * @throws IllegalArgumentException if a setting is missing or invalid; the message names it
     */
    public void write(Metrics metrics, Context context) {
        for (String line : metrics.lines(Instant.now(), settings())) {
            write(line, context);
        }
    }

    abstract MetricSettings settings();

    abstract void write(String line, Context context);
}
