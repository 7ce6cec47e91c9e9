package dev.steptrail.shipper;

import dev.steptrail.shipper.internal.state.ShipperState;
import dev.steptrail.tracker.internal.outbox.Outbox;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the shipper's state file after each failure, and after each success that changes it. */
final class StateReporter {
    private static final Logger LOG = LoggerFactory.getLogger(Shipper.class);

    /** Readers accept a state file of up to 64 KiB, and JSON takes at most six bytes for a character. */
    private static final int MAX_MESSAGE_LENGTH = 4_000;

    private final Outbox outbox;
    private final ShipCounts counts;
    private final Clock clock;
    private final Instant startedAt;
    private @Nullable String sender;
    private @Nullable Instant lastSuccessAt;
    private ShipperState.@Nullable Problem problem;
    private boolean hasWritten;
    private boolean lastWriteSucceeded = true;
    private long writtenMessages;

    /** Continues with the state that the previous shipper wrote. */
    StateReporter(Outbox outbox, ShipCounts counts, Clock clock) {
        this.outbox = outbox;
        this.counts = counts;
        this.clock = clock;
        this.startedAt = clock.instant();
        Optional<ShipperState> previous = Optional.empty();
        try {
            previous = ShipperState.read(outbox);
        } catch (IOException e) {
            LOG.warn("Failed to read the state of the previous shipper in {}: {}", outbox.folder(), e.toString());
        }
        lastSuccessAt = previous.map(ShipperState::lastSuccessAt).orElse(null);
        problem = previous.map(ShipperState::problem).orElse(null);
    }

    void setSender(String sender) {
        this.sender = sender;
    }

    /** Records that a pass has shipped everything that was due. */
    void reportSuccess() {
        boolean changed = problem != null || !hasWritten || counts.messages() > writtenMessages;
        problem = null;
        if (changed) {
            write();
        }
    }

    /** Records a problem that prevents delivery. A problem of the same kind keeps its start time. */
    void reportProblem(ShipProblem kind, String message) {
        boolean isSameKind = problem != null && problem.kind().equals(kind.wireName());
        problem = new ShipperState.Problem(
                kind.wireName(),
                PrintableText.toOneLine(message, MAX_MESSAGE_LENGTH),
                isSameKind && problem != null ? problem.since() : clock.instant());
        write();
    }

    private void write() {
        if (Thread.currentThread().isInterrupted()) {
            return; // the shipper is stopping, and the interrupt may have caused any error
        }
        Instant now = clock.instant();
        lastSuccessAt = counts.messages() > writtenMessages ? now : lastSuccessAt;
        writtenMessages = counts.messages();
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
                    .write(outbox);
            hasWritten = true;
            lastWriteSucceeded = true;
        } catch (IOException e) {
            if (lastWriteSucceeded) {
                LOG.warn(
                        "Failed to write the shipper's state in {}; shipping continues: {}",
                        outbox.folder(),
                        e.toString());
            }
            lastWriteSucceeded = false;
        }
    }
}
