package dev.steptrail.bench.client;

import java.io.IOException;

/** Accepts items from an agent and processes them on a separate thread. Only the methods that the agent calls have to be fast. */
interface Recorder extends AutoCloseable {
    /** Returns the capacity of its queue, in items. */
    int CAPACITY = 16_384;

    /** The text of the steps of all recorders. */
    String THINKING = "The slider is half way to the right. To turn the volume up I tap near its right end.";

    /** Hands over a prepared item. Called concurrently. */
    void record();

    /** Creates an item as an agent does at each step, and hands it over. */
    void makeAndRecord();

    /** Returns the number of items finished so far, without dropped ones. */
    long finished();

    @Override
    void close() throws IOException;
}
