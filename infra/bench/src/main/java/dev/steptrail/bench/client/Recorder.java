package dev.steptrail.bench.client;

import java.io.IOException;

/** Something that takes what an agent hands it and does the rest on a thread of its own. Every method but those of the agent may be slow. */
interface Recorder extends AutoCloseable {
    /** How many things it can hold. */
    int CAPACITY = 16_384;

    /** Hands over one that is ready; by several threads at once. */
    void record();

    /** Makes one as an agent would at each step, and hands it over. */
    void makeAndRecord();

    /** How many it refused so far. */
    long dropped();

    /** How many it finished so far. */
    long finished();

    @Override
    void close() throws IOException;
}
