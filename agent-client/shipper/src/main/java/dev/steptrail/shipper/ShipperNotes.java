package dev.steptrail.shipper;

import dev.steptrail.shipper.state.ShipperState;
import dev.steptrail.tracker.outbox.Outbox;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the state file of a shipper true: after each failure, and after a success that has changed something. */
final class ShipperNotes {
    private static final Logger LOG = LoggerFactory.getLogger(Shipper.class);

    /** The state file is read up to 64 KiB, and a character takes six bytes of it at most. */
    private static final int LONGEST_MESSAGE = 4_000;

    private final Outbox outbox;
    private final ShipCounts counts;
    private final Clock clock;
    private final Instant startedAt;
    private @Nullable String sender;
    private @Nullable Instant lastSuccessAt;
    private ShipperState.@Nullable Problem problem;
    private boolean told;
    private boolean writable = true;
    private long toldMessages;

    /** Goes on with what the shipper before it has said. */
    ShipperNotes(Outbox outbox, ShipCounts counts, Clock clock) {
        this.outbox = outbox;
        this.counts = counts;
        this.clock = clock;
        this.startedAt = clock.instant();
        Optional<ShipperState> before = before(outbox);
        lastSuccessAt = before.map(ShipperState::lastSuccessAt).orElse(null);
        problem = before.map(ShipperState::problem).orElse(null);
    }

    private static Optional<ShipperState> before(Outbox outbox) {
        try {
            return ShipperState.of(outbox);
        } catch (IOException e) {
            LOG.warn("What the last shipper told in {} cannot be read: {}", outbox.folder(), e.toString());
            return Optional.empty();
        }
    }

    void sender(String sender) {
        this.sender = sender;
    }

    /** All that was to be shipped has been. */
    void shipped() {
        boolean changed = problem != null || !told || counts.messages() > toldMessages;
        problem = null;
        if (changed) {
            tell();
        }
    }

    /** Something was not. */
    void kept(ShipProblem kind, String message) {
        boolean lasts = problem != null && problem.kind().equals(kind.wireName());
        problem = new ShipperState.Problem(
                kind.wireName(),
                PrintableText.oneLine(message, LONGEST_MESSAGE),
                lasts && problem != null ? problem.since() : clock.instant());
        tell();
    }

    private void tell() {
        if (Thread.currentThread().isInterrupted()) {
            return; // it is being stopped, and can neither write nor know what is a problem
        }
        Instant now = clock.instant();
        lastSuccessAt = counts.messages() > toldMessages ? now : lastSuccessAt;
        toldMessages = counts.messages();
        try {
            new ShipperState(
                            sender,
                            ProcessHandle.current().pid(),
                            startedAt,
                            now,
                            lastSuccessAt,
                            problem,
                            Map.of(
                                    "records", counts.records(),
                                    "steps", counts.steps(),
                                    "messages", counts.messages(),
                                    "screenshots", counts.screenshots(),
                                    "lost_screenshots", counts.lostScreenshots(),
                                    "rejected_lines", counts.rejected(),
                                    "tasks", counts.tasks()))
                    .tell(outbox);
            told = true;
            writable = true;
        } catch (IOException e) {
            if (writable) {
                LOG.warn("What the shipper does cannot be told in {}, but it ships: {}", outbox.folder(), e.toString());
            }
            writable = false;
        }
    }
}
