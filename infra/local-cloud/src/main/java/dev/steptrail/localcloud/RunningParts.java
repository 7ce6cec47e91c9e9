package dev.steptrail.localcloud;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What has been started, to be stopped in the opposite order, once, even when that is asked for during a start. */
final class RunningParts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunningParts.class);

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private boolean closed;

    /** Starts a part; a {@link #close} from another thread waits for it, and then stops it too. */
    synchronized <T extends AutoCloseable> T start(Callable<T> part) throws Exception {
        if (closed) {
            throw new SetupException("stopped while starting");
        }
        T started = part.call();
        parts.push(started);
        return started;
    }

    @Override
    public synchronized void close() {
        closed = true;
        while (!parts.isEmpty()) {
            AutoCloseable part = parts.pop();
            try {
                part.close();
            } catch (Exception e) {
                LOG.warn("{} did not stop: {}", part.getClass().getSimpleName(), e.toString());
            }
        }
    }
}
