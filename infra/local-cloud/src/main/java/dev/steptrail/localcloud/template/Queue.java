package dev.steptrail.localcloud.template;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A standard queue (AWS::SQS::Queue). */
public record Queue(
        String name,
        String arn,
        Duration visibilityTimeout,
        @Nullable Redrive redrive) {
    /** Where a message goes that was received {@code maxReceiveCount} times and never deleted. */
    public record Redrive(String deadLetterArn, int maxReceiveCount) {}
}
