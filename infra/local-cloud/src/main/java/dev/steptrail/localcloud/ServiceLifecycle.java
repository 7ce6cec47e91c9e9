package dev.steptrail.localcloud;

import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts services, and stops each of them once, in reverse order of their start. Thread-safe. */
final class ServiceLifecycle implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceLifecycle.class);

    private final Deque<AutoCloseable> services = new ConcurrentLinkedDeque<>();
    private final ReadWriteLock lock = new ReentrantReadWriteLock(); // starts share the read lock
    private boolean closed;

    /** Starts a service. {@link #close} waits for services that are starting and stops them too. */
    <T extends AutoCloseable> T start(Callable<T> start) throws Exception {
        lock.readLock().lock();
        try {
            if (closed) {
                throw new SetupException("the local cloud was stopped while it was starting");
            }
            T started = start.call();
            services.push(started);
            return started;
        } finally {
            lock.readLock().unlock();
        }
    }

    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            closed = true;
            for (AutoCloseable service; (service = services.poll()) != null; ) {
                try {
                    service.close();
                } catch (Exception e) {
                    LOG.warn("a service did not stop: {}", e.toString());
                }
            }
        } finally {
            lock.writeLock().unlock();
        }
    }
}
