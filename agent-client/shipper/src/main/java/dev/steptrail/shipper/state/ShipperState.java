package dev.steptrail.shipper.state;

import dev.steptrail.tracker.outbox.Outbox;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The last state that the shipper of an outbox wrote to {@code <outbox>/.shipper.json}; it may have ended since. The README of
 * step-format describes the file.
 *
 * @param sender under which id it stores screenshots; null while it does not know
 * @param pid its process
 * @param startedAt when it took the outbox
 * @param updatedAt when it wrote this
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

    /** Reads the state file of {@code outbox}; returns empty if there is none or it is malformed. */
    public static Optional<ShipperState> of(Outbox outbox) throws IOException {
        return outbox.shipperState().flatMap(StateJson::read);
    }

    /** Replaces the state file. */
    public void write(Outbox outbox) throws IOException {
        outbox.tellShipperState(json());
    }

    /** It as the file has it. */
    public byte[] json() throws IOException {
        return StateJson.write(this);
    }
}
