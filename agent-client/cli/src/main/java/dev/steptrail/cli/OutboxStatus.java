package dev.steptrail.cli;

import dev.steptrail.shipper.state.ShipperState;
import dev.steptrail.shipper.state.TaskBacklog;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What {@code steptrail status} tells.
 *
 * @param atWork whether a shipper holds the outbox
 * @param sender {@code STEPTRAIL_SENDER}, if it is set here
 * @param shipper what the outbox's shipper last said of itself
 * @param unreadable folders of which nothing can be told, and why
 * @param at when this was so
 */
record OutboxStatus(
        Path outbox,
        boolean atWork,
        Optional<String> sender,
        Optional<ShipperState> shipper,
        List<TaskBacklog> tasks,
        List<String> unreadable,
        Instant at) {
    long unshippedSteps() {
        return tasks.stream().mapToLong(TaskBacklog::unshippedSteps).sum();
    }

    long unshippedBytes() {
        return tasks.stream().mapToLong(TaskBacklog::unshippedBytes).sum();
    }

    long bytes() {
        return tasks.stream().mapToLong(TaskBacklog::bytes).sum();
    }

    Optional<Instant> oldestUnshipped() {
        return tasks.stream()
                .map(TaskBacklog::oldestUnshipped)
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder());
    }

    /** How long the oldest step has been waiting. */
    Optional<Duration> oldestAge() {
        return oldestUnshipped().map(oldest -> Duration.between(oldest, at));
    }
}
