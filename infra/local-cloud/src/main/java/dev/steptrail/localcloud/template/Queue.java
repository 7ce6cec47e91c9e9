package dev.steptrail.localcloud.template;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A queue (AWS::SQS::Queue). */
public record Queue(
        String name,
        String arn,
        Duration visibilityTimeout,
        @Nullable Redrive redrive) {
    /** What the name of a FIFO queue ends with, and no other's does. */
    static final String FIFO = ".fifo";

    public boolean isFifo() {
        return name.endsWith(FIFO);
    }

    /** Where a message goes that was received {@code maxReceiveCount} times and never deleted. */
    public record Redrive(String deadLetterArn, int maxReceiveCount) {}
}
