package dev.steptrail.report;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * The failure of an export, stored in the bucket beside the place of the export, so that a polling client gets an error instead of 202. It
 * expires: a later request queues the export again.
 *
 * @param at when the export failed; in the future while a try is under way that must have ended by then
 */
public record ExportFailure(Instant at, Reason reason) {
    /** Why, and for how long nobody need be asked to try again. */
    public enum Reason {
        /** An error, which the log of who made it tells. */
        ERROR(Duration.ofMinutes(10)),

        /** The worker was killed by its timeout or ran out of memory. */
        UNFINISHED(Duration.ofMinutes(10)),

        /** There is more of it than can be exported at once, and will be in an hour. */
        TOO_LARGE(Duration.ofDays(1));

        private final Duration holds;

        Reason(Duration holds) {
            this.holds = holds;
        }
    }

    /** More than one takes, in bytes. */
    public static final int MAX_BYTES = 100;

    /** Where it lies, for the export of this key; whatever deletes exports by what their keys begin with deletes it too. */
    public static String key(String exportKey) {
        return exportKey + ".failed";
    }

    /** As it lies there. */
    public String text() {
        return at + " " + reason;
    }

    /** Empty if {@link #text} did not write this. */
    public static Optional<ExportFailure> parse(String text) {
        String[] parts = text.split(" ", -1);
        Optional<Reason> reason = Arrays.stream(Reason.values())
                .filter(one -> parts.length == 2 && one.name().equals(parts[1]))
                .findFirst();
        try {
            return reason.map(why -> new ExportFailure(Instant.parse(parts[0]), why));
        } catch (DateTimeException notOurs) {
            return Optional.empty();
        }
    }

    /** Returns whether clients get this failure at {@code now}: not before the export failed, nor after the failure expired. */
    public boolean holds(Instant now) {
        return !now.isBefore(at) && now.isBefore(at.plus(reason.holds));
    }

    /** Returns the time until the failure expires. */
    public Duration left(Instant now) {
        return Duration.between(now, at.plus(reason.holds));
    }
}
