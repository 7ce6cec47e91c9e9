package dev.steptrail.shipper.state;

import dev.steptrail.tracker.outbox.Outbox;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the shipper of an outbox last said of itself, in {@code <outbox>/.shipper.json}; it may be gone since. The README of
 * step-format describes the file.
 *
 * @param sender under which id it stores screenshots; null while it does not know
 * @param pid its process
 * @param startedAt when it took the outbox
 * @param updatedAt when it said this
 * @param lastSuccessAt when SQS last took something, from it or from one before it; null if never
 * @param problem what keeps it from shipping; null if nothing does
 * @param counts what it has done since {@code startedAt}, by name
 */
public record ShipperState(
        @Nullable String sender,
        long pid,
        Instant startedAt,
        Instant updatedAt,
        @Nullable Instant lastSuccessAt,
        @Nullable Problem problem,
        Map<String, Long> counts) {

    /**
     * What keeps a shipper from its work.
     *
     * @param kind for programs, such as {@code queue}
     * @param message the line for people
     * @param since when a problem of this kind began
     */
    public record Problem(String kind, String message, Instant since) {}

    public ShipperState {
        counts = Map.copyOf(counts);
    }

    /** What was last said in {@code outbox}; empty if nothing was, or nothing that can be read. */
    public static Optional<ShipperState> of(Outbox outbox) throws IOException {
        return outbox.shipperState().flatMap(StateJson::read);
    }

    /** Says it, in place of what was said before. */
    public void tell(Outbox outbox) throws IOException {
        outbox.tellShipperState(json());
    }

    /** It as the file has it. */
    public byte[] json() throws IOException {
        return StateJson.write(this);
    }
}
