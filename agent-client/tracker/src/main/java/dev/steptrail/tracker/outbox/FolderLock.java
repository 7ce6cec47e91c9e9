package dev.steptrail.tracker.outbox;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * An exclusive lock on a file, which ends with the process that holds it, however that ends. Thread-safe.
 *
 * <p>Within this process a set of names stands before the file: a POSIX lock is lost as soon as its process closes any
 * handle of the file, so a second look at a file that is locked here must not open it.
 */
public final class FolderLock implements Closeable {
    private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

    private static final int ATTEMPTS = 1000;
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(2);

    private final Path file;
    private final FileChannel channel;

    private FolderLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** Takes the lock, making {@code file} if absent; empty if somebody holds it. */
    static Optional<FolderLock> tryAcquire(Path file) throws IOException {
        return tryAcquire(file, StandardOpenOption.CREATE);
    }

    /**
     * Takes the lock of a file that nobody else has a right to, waiting while somebody merely looks whether it is free.
     *
     * @throws IOException if it is not to be had for seconds
     */
    static FolderLock acquire(Path file) throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Optional<FolderLock> lock = tryAcquire(file);
            if (lock.isPresent()) {
                return lock.get();
            }
            LockSupport.parkNanos(BETWEEN_ATTEMPTS.toNanos());
        }
        throw new IOException(file + " is locked by another process");
    }

    /** Whether nobody holds the lock; true as well where there is no such file. */
    static boolean isFree(Path file) throws IOException {
        if (!Files.exists(file)) {
            return true;
        }
        try {
            Optional<FolderLock> lock = tryAcquire(file, StandardOpenOption.WRITE);
            if (lock.isPresent()) {
                lock.get().close();
            }
            return lock.isPresent();
        } catch (NoSuchFileException removedMeanwhile) {
            return true;
        }
    }

    private static Optional<FolderLock> tryAcquire(Path file, StandardOpenOption how) throws IOException {
        Path name = file.toAbsolutePath().normalize();
        if (!HELD_HERE.add(name)) {
            return Optional.empty();
        }
        FolderLock lock = null;
        try {
            FileChannel channel = FileChannel.open(name, StandardOpenOption.WRITE, how);
            lock = locked(name, channel);
        } finally {
            if (lock == null) {
                HELD_HERE.remove(name);
            }
        }
        return Optional.ofNullable(lock);
    }

    private static @Nullable FolderLock locked(Path file, FileChannel channel) throws IOException {
        boolean locked = false;
        try {
            locked = channel.tryLock() != null;
            return locked ? new FolderLock(file, channel) : null;
        } finally {
            if (!locked) {
                channel.close();
            }
        }
    }

    /** Gives the lock back. */
    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            HELD_HERE.remove(file);
        }
    }
}
