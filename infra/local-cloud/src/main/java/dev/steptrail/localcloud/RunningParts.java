package dev.steptrail.localcloud;

import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stops the parts that were started, in reverse order and once, even if closed during a start. Thread-safe. */
final class RunningParts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunningParts.class);

    private final Deque<AutoCloseable> parts = new ConcurrentLinkedDeque<>();
    private final ReadWriteLock starting = new ReentrantReadWriteLock();
    private boolean closed;

    /** Starts a part; thread-safe. {@link #close} waits for parts that are starting and stops them too. */
    <T extends AutoCloseable> T start(Callable<T> part) throws Exception {
        starting.readLock().lock();
        try {
            if (closed) {
                throw new SetupException("stopped while starting");
            }
            T started = part.call();
            parts.push(started);
            return started;
        } finally {
            starting.readLock().unlock();
        }
    }

    @Override
    public void close() {
        starting.writeLock().lock();
        try {
            closed = true;
            for (AutoCloseable part; (part = parts.poll()) != null; ) {
                try {
                    part.close();
                } catch (Exception e) {
                    LOG.warn("a part did not stop: {}", e.toString());
                }
            }
        } finally {
            starting.writeLock().unlock();
        }
    }
}
