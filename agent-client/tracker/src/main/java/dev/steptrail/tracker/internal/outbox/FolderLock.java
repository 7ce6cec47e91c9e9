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
 * An exclusive lock on a file, which the operating system releases when the process ends. Thread-safe.
 *
 * <p>A POSIX lock is released as soon as its process closes any handle of the file. A file that this process has locked
 * must therefore not be opened a second time. The locks that the process holds are registered as system properties. In
 * contrast to static fields, these are shared by copies of this class in several class loaders.
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

    /** Acquires the lock, creating {@code file} if absent; empty if the lock is held. */
    public static Optional<FolderLock> tryAcquire(Path file) throws IOException {
        return tryAcquire(file, false, WRITE, CREATE);
    }

    /** Acquires the lock, waiting up to {@code timeout}, as {@link #isFree} in another process may hold it briefly. */
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

    /** Acquires a lock that other processes hold only briefly, in {@link #isFree}. Throws an IOException after 2 s. */
    static FolderLock acquire(Path file) throws IOException {
        return tryAcquire(file, Duration.ofSeconds(2))
                .orElseThrow(() -> new IOException(file + " is locked by another process"));
    }

    /**
     * Returns whether the lock is free; also true if the file does not exist. Holds a shared lock briefly: several
     * processes may call this method at once, but {@link #tryAcquire} fails during the call.
     */
    public static boolean isFree(Path file) throws IOException {
        if (!OutboxFiles.exists(file)) {
            return true;
        }
        try {
            Optional<FolderLock> lock = tryAcquire(file, true, READ);
            if (lock.isPresent()) {
                lock.get().close();
            }
            return lock.isPresent();
        } catch (NoSuchFileException removed) {
            return true;
        }
    }

    /** Returns whether this process holds the lock, in {@link #isFree} also briefly. */
    public static boolean isHeldByThisProcess(Path file) {
        return System.getProperty(PROPERTY + name(file)) != null;
    }

    private static Path name(Path file) {
        return file.toAbsolutePath().normalize();
    }

    private static Optional<FolderLock> tryAcquire(Path file, boolean shared, OpenOption... options)
            throws IOException {
        Path name = name(file);
        if (System.getProperties().putIfAbsent(PROPERTY + name, "held") != null) {
            return Optional.empty();
        }
        FileChannel channel = null;
        boolean locked = false;
        try {
            channel = OutboxFiles.open(name, options);
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

    /** Releases the lock. Does nothing if it was released, even if the file has been locked again since. */
    @Override
    public synchronized void close() throws IOException {
        if (channel.isOpen()) {
            release(file, channel);
        }
    }
}
