package dev.steptrail.aws;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Writes lines to standard output, each at once and whole. Lambda hands on what a function writes there as it is, also where its log
 * format is JSON (<a href="https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html">Configuring JSON and
 * plain text log formats</a>), which metrics need. Thread-safe.
 */
public final class StandardOutput implements Consumer<String> {
    @Override
    public void accept(String line) {
        byte[] octets = (line + "\n").getBytes(StandardCharsets.UTF_8);
        System.out.write(octets, 0, octets.length);
        System.out.flush();
    }
}
