package dev.steptrail.store;

import dev.steptrail.aws.Metric;
import dev.steptrail.aws.Metrics;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Makes connections, and remembers until it is asked how long that took and how often it failed. Not thread-safe. */
final class MeasuredConnector {
    private final Connector connector;
    private final List<Duration> took = new ArrayList<>();
    private int failures;

    MeasuredConnector(Connector connector) {
        this.connector = connector;
    }

    Connection connect() throws SQLException {
        long begun = System.nanoTime();
        boolean connected = false;
        try {
            Connection made = connector.connect();
            connected = true;
            took.add(Duration.ofNanos(System.nanoTime() - begun));
            return made;
        } finally {
            failures += connected ? 0 : 1;
        }
    }

    /** Tells of those since it last did; nothing where none was needed. */
    void tell(Metrics metrics) {
        if (took.isEmpty() && failures == 0) {
            return;
        }
        metrics.count(Metric.DATABASE_CONNECT_FAILURES, failures);
        took.forEach(each -> metrics.measure(Metric.DATABASE_CONNECT_LATENCY, each));
        took.clear();
        failures = 0;
    }
}
