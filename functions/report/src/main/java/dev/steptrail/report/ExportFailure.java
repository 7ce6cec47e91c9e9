package dev.steptrail.report;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * The failure of an export, stored in the bucket so that polling clients get an error instead of 202. After it expires,
 * a request queues the export again.
 *
 * @param at when the export failed; while a retry is running, its deadline, which is in the future
 */
public record ExportFailure(Instant at, Reason reason) {
    /** The reason for a failure, which determines when it expires. */
    public enum Reason {
        /** An error. The log of the export function contains the cause. */
        ERROR(Duration.ofMinutes(10)),

        /** The worker was killed by its timeout or ran out of memory. */
        UNFINISHED(Duration.ofMinutes(10)),

        /** The export exceeds the size limit. A retry within a day would fail too. */
        TOO_LARGE(Duration.ofDays(1));

        private final Duration lifetime;

        Reason(Duration lifetime) {
            this.lifetime = lifetime;
        }
    }

    /** An upper bound of the size in bytes. */
    public static final int MAX_BYTES = 100;

    /** Returns the failure's key. It starts with the export's key, so deletions of exports by prefix include it. */
    public static String key(String exportKey) {
        return exportKey + ".failed";
    }

    public String text() {
        return at + " " + reason;
    }

    /** Parses a stored object; empty if {@link #text} did not create it. */
    public static Optional<ExportFailure> parse(String text) {
        String[] parts = text.split(" ", -1);
        Optional<Reason> reason = Arrays.stream(Reason.values())
                .filter(value -> parts.length == 2 && value.name().equals(parts[1]))
                .findFirst();
        try {
            return reason.map(parsed -> new ExportFailure(Instant.parse(parts[0]), parsed));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** Returns whether the export has failed and the failure has not expired at {@code now}. */
    public boolean isActive(Instant now) {
        return !now.isBefore(at) && now.isBefore(at.plus(reason.lifetime));
    }

    public Duration remaining(Instant now) {
        return Duration.between(now, at.plus(reason.lifetime));
    }
}
