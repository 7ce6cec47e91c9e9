package dev.steptrail.bench.client;

import java.io.IOException;

/** Something that takes what an agent hands it and does the rest on a thread of its own. Every method but those of the agent may be slow. */
interface Recorder extends AutoCloseable {
    /** How many things it can hold. */
    int CAPACITY = 16_384;

    /** The text of the steps of all recorders. */
    String THINKING = "The slider is half way to the right. To turn the volume up I tap near its right end.";

    /** Hands over one that is ready; by several threads at once. */
    void record();

    /** Makes one as an agent would at each step, and hands it over. */
    void makeAndRecord();

    /** How many it finished so far, without those that it refused. */
    long finished();

    @Override
    void close() throws IOException;
}
