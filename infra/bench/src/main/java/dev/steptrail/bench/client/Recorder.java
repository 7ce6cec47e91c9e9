package dev.steptrail.bench.client;

import java.io.IOException;

/** Accepts items on the agent's threads and processes them on another thread. */
interface Recorder extends AutoCloseable {
    /** The capacity of the queue, in items. */
    int CAPACITY = 16_384;

    /** The {@code thinking} text of all items. */
    String THINKING = "The slider is half way to the right. To turn the volume up I tap near its right end.";

    /** Enqueues a prebuilt item. Thread-safe. */
    void record();

    /** Builds an item, as an agent does for each step, and enqueues it. Thread-safe. */
    void buildAndRecord();

    /** Returns the number of processed items, excluding dropped items. */
    long processedCount();

    @Override
    void close() throws IOException;
}
