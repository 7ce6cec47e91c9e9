package dev.steptrail.report;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * The failure of an export, stored in the bucket under a key next to the export's, so that a polling client gets an
 * error instead of 202. It expires, after which a request queues the export again.
 *
 * @param at when the export failed; in the future while an attempt is running that must have ended by then
 */
public record ExportFailure(Instant at, Reason reason) {
    /** The reason of a failure, which determines when it expires. */
    public enum Reason {
        /** An error, which the log of the export function contains. */
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

    /** Returns the content of the stored object. */
    public String text() {
        return at + " " + reason;
    }

    /** Parses a stored object; empty if {@link #text} did not create it. */
    public static Optional<ExportFailure> parse(String text) {
        String[] parts = text.split(" ", -1);
        Optional<Reason> reason = Arrays.stream(Reason.values())
                .filter(one -> parts.length == 2 && one.name().equals(parts[1]))
                .findFirst();
        try {
            return reason.map(why -> new ExportFailure(Instant.parse(parts[0]), why));
        } catch (DateTimeException invalid) {
            return Optional.empty();
        }
    }

    /** Returns whether clients get this failure at {@code now}: after the export failed, before it expires. */
    public boolean isActive(Instant now) {
        return !now.isBefore(at) && now.isBefore(at.plus(reason.lifetime));
    }

    /** Returns the time until the failure expires. */
    public Duration remaining(Instant now) {
        return Duration.between(now, at.plus(reason.lifetime));
    }
}
