package dev.steptrail.tracker.internal.outbox;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * An exclusive lock on a file, which ends with the process that holds it, however that ends. Thread-safe.
 *
 * <p>A POSIX lock is released as soon as its process closes any handle of the file. A file that is locked in this process
 * must therefore not be opened a second time, so the locks of the process are also kept as system properties: unlike a
 * static field, class loaders share them, so that two copies of this class respect each other's locks.
 */
public final class FolderLock implements Closeable {
    private static final String PROPERTY = "dev.steptrail.lock:";

    private static final Duration RETRY_INTERVAL = Duration.ofMillis(2);

    private final Path file;
    private final FileChannel channel;

    private FolderLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** Takes the lock, creating {@code file} if absent; empty if it is held. */
    static Optional<FolderLock> tryAcquire(Path file) throws IOException {
        return tryAcquire(file, false, WRITE, CREATE);
    }

    /** The same, but waits for {@code timeout}: the holder may be {@link #isFree}, which holds it for a moment. */
    static Optional<FolderLock> tryAcquire(Path file, Duration timeout) throws IOException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (true) {
            Optional<FolderLock> lock = tryAcquire(file);
            if (lock.isPresent() || System.nanoTime() - deadline >= 0) {
                return lock;
            }
            LockSupport.parkNanos(RETRY_INTERVAL.toNanos());
        }
    }

    /**
     * Takes the lock of a file that only this process may lock. Waits while {@link #isFree} of another process holds it.
     *
     * @throws IOException if it is held for 2 s
     */
    static FolderLock acquire(Path file) throws IOException {
        return tryAcquire(file, Duration.ofSeconds(2))
                .orElseThrow(() -> new IOException(file + " is locked by another process"));
    }

    /**
     * Whether the lock is free; also true if there is no such file. Any number of processes may ask at a time; while they do,
     * the lock cannot be taken.
     */
    static boolean isFree(Path file) throws IOException {
        if (!OutboxFiles.exists(file)) {
            return true;
        }
        try {
            Optional<FolderLock> lock = tryAcquire(file, true, READ);
            if (lock.isPresent()) {
                lock.get().close();
            }
            return lock.isPresent();
        } catch (NoSuchFileException removedMeanwhile) {
            return true;
        }
    }

    private static Optional<FolderLock> tryAcquire(Path file, boolean shared, OpenOption... how) throws IOException {
        Path name = file.toAbsolutePath().normalize();
        if (System.getProperties().putIfAbsent(PROPERTY + name, "held") != null) {
            return Optional.empty();
        }
        FileChannel channel = null;
        boolean locked = false;
        try {
            channel = OutboxFiles.open(name, how);
            locked = channel.tryLock(0, Long.MAX_VALUE, shared) != null;
            return locked ? Optional.of(new FolderLock(name, channel)) : Optional.empty();
        } finally {
            if (!locked) {
                release(name, channel);
            }
        }
    }

    private static void release(Path file, @Nullable FileChannel channel) throws IOException {
        try {
            if (channel != null) {
                channel.close();
            }
        } finally {
            System.clearProperty(PROPERTY + file);
        }
    }

    /** Releases the lock. */
    @Override
    public void close() throws IOException {
        release(file, channel);
    }
}
