package dev.steptrail.bench.capacity;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How messages come from the queue to the function, as the template has it.
 *
 * @param batchSize most messages an invocation gets
 * @param window how long to gather them after the first
 * @param concurrency most invocations at once
 * @param timeout after which an invocation is ended
 * @param visibility how long a message that was received stays hidden from others, unless it is deleted
 * @param maxReceives after so many a message goes to the dead-letter queue, instead of being received once more
 * @param megabytes the function's memory
 */
record SourceSettings(
        int batchSize,
        Duration window,
        int concurrency,
        Duration timeout,
        Duration visibility,
        int maxReceives,
        int megabytes) {
    /** Those of StepsQueue and IngestFunction. */
    static SourceSettings read(Path template) throws IOException {
        TemplateNumbers numbers = TemplateNumbers.read(template);
        String event = "Resources.IngestFunction.Properties.Events.Steps.Properties.";
        String queue = "Resources.StepsQueue.Properties.";
        return new SourceSettings(
                numbers.at(event + "BatchSize"),
                Duration.ofSeconds(numbers.at(event + "MaximumBatchingWindowInSeconds")),
                numbers.at(event + "ScalingConfig.MaximumConcurrency"),
                Duration.ofSeconds(numbers.at("Globals.Function.Timeout")),
                Duration.ofSeconds(numbers.at(queue + "VisibilityTimeout")),
                numbers.at(queue + "RedrivePolicy.maxReceiveCount"),
                numbers.at("Globals.Function.MemorySize"));
    }

    /** The same with so many invocations at once. */
    SourceSettings atOnce(int most) {
        return new SourceSettings(batchSize, window, most, timeout, visibility, maxReceives, megabytes);
    }
}
