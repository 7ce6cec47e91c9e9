package dev.steptrail.cli.autoglm;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import org.jspecify.annotations.Nullable;

/** A time as a trace writes it: with a zone, or, as Python's {@code datetime.now().isoformat()} does, without one. */
record TraceTime(LocalDateTime local, @Nullable ZoneOffset offset) {
    /**
     * Reads ISO 8601.
     *
     * @throws DateTimeException if {@code text} is something else
     */
    static TraceTime parse(String text) {
        TemporalAccessor time =
                DateTimeFormatter.ISO_DATE_TIME.parseBest(text, OffsetDateTime::from, LocalDateTime::from);
        return time instanceof OffsetDateTime zoned
                ? new TraceTime(zoned.toLocalDateTime(), zoned.getOffset())
                : new TraceTime((LocalDateTime) time, null);
    }

    /** The moment it means, read in {@code zone} where it does not say its own. */
    Instant in(ZoneId zone) {
        return offset == null ? local.atZone(zone).toInstant() : local.toInstant(offset);
    }
}
