package dev.steptrail.aws;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** Where an invocation's lines of metrics go. Thread-safe. */
public enum MetricLines {
    /**
     * Standard output, each line at once and whole. Lambda hands on what a function writes there as it is, also where its log format is JSON (<a
     * href="https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html">Configuring JSON and plain text log
     * formats</a>), which metrics need.
     */
    STANDARD_OUTPUT {
        @Override
        void write(String line, Context context) {
            byte[] octets = (line + "\n").getBytes(StandardCharsets.UTF_8);
            System.out.write(octets, 0, octets.length);
            System.out.flush();
        }
    },

    /** The invocation's log, at level DEBUG: where nobody makes metrics of them. */
    LOG {
        @Override
        void write(String line, Context context) {
            context.getLogger().log(line + "\n", LogLevel.DEBUG);
        }
    };

    /** Writes what was counted and measured; nothing if nothing was. */
    public void write(Metrics metrics, Context context) {
        for (String line : metrics.lines(Instant.now())) {
            write(line, context);
        }
    }

    abstract void write(String line, Context context);
}
