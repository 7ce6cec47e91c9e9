package dev.steptrail.shipper;

import dev.steptrail.stepformat.Frame;
import dev.steptrail.tracker.outbox.OutboxLine;
import java.util.ArrayList;
import java.util.List;

/**
 * What a few lines of a task became. Nothing of it is told or remembered before its message is with SQS: until then it may
 * be made again, as often as sending fails.
 */
final class Batch {
    /** A line and the record that it became. */
    @SuppressWarnings("ArrayRecordComponent") // sent, never compared
    record Sendable(OutboxLine line, byte[] json) {}

    /** A line that cannot be sent, and why. */
    record Rejected(OutboxLine line, String reason) {}

    final List<Sendable> records = new ArrayList<>();
    final List<Frame> frames = new ArrayList<>();
    final List<Rejected> rejected = new ArrayList<>();
    final List<String> losses = new ArrayList<>();
    int screenshots;
}
