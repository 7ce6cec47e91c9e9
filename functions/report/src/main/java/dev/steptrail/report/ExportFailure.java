package dev.steptrail.report;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * That an export could not be made. It lies in the bucket beside where the export would, so that whoever waits is told. It holds for a while:
 * who asks later asks anew.
 *
 * @param at when
 */
public record ExportFailure(Instant at, Reason reason) {
    /** Why, and for how long nobody need be asked to try again. */
    public enum Reason {
        /** An error, which the log of who made it tells. */
        ERROR(Duration.ofMinutes(10)),

        /** It was ended: by its time, or for want of memory. */
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

    /** Whether it still does. */
    public boolean holds(Instant now) {
        return now.isBefore(at.plus(reason.holds));
    }

    /** How long it holds still. */
    public Duration left(Instant now) {
        return Duration.between(now, at.plus(reason.holds));
    }
}
