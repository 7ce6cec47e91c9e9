package dev.steptrail.bench.agent;

/** What an agent tells of its steps, and to whom. */
interface Recording extends AutoCloseable {
    /** A step with the screens before and after it. */
    void step(byte[] before, byte[] after);

    /** A step without screens. */
    void step();

    /** Returns when all that was told has arrived. */
    void awaitShipped() throws InterruptedException;

    @Override
    void close();

    /** An agent that keeps nothing: its process loads no class of Steptrail's. */
    final class Bare implements Recording {
        @Override
        public void step(byte[] before, byte[] after) {}

        @Override
        public void step() {}

        @Override
        public void awaitShipped() {}

        @Override
        public void close() {}
    }
}
