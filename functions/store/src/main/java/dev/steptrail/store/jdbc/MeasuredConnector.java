package dev.steptrail.store.jdbc;

import dev.steptrail.aws.Metric;
import dev.steptrail.aws.Metrics;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Makes connections, and remembers until it is asked how long that took and how often it failed. Thread-safe. */
final class MeasuredConnector {
    private final Connector connector;
    private final List<Duration> took = new ArrayList<>();
    private int failures;

    MeasuredConnector(Connector connector) {
        this.connector = connector;
    }

    Connection connect() throws SQLException {
        return connect(Connector.CONNECT_TIMEOUT);
    }

    /** @param limit for the connection with TLS and login, at least one second */
    Connection connect(Duration limit) throws SQLException {
        long begun = System.nanoTime();
        boolean connected = false;
        try {
            Connection made = connector.connect(limit);
            connected = true;
            return made;
        } finally {
            note(connected, Duration.ofNanos(System.nanoTime() - begun));
        }
    }

    private synchronized void note(boolean connected, Duration time) {
        if (connected) {
            took.add(time);
        } else {
            failures++;
        }
    }

    /** Drops what was measured. */
    synchronized void clear() {
        took.clear();
        failures = 0;
    }

    /** Tells of those since it last did; nothing where none was needed. */
    synchronized void tell(Metrics metrics) {
        if (took.isEmpty() && failures == 0) {
            return;
        }
        metrics.count(Metric.DATABASE_CONNECT_FAILURES, failures);
        took.forEach(each -> metrics.measure(Metric.DATABASE_CONNECT_LATENCY, each));
        took.clear();
        failures = 0;
    }
}
