package dev.steptrail.phone.adb;

import dev.steptrail.phone.device.DeviceInUseException;
import dev.steptrail.tracker.internal.outbox.FolderLock;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The exclusive use of a phone, as a locked file. Another file beside it contains the id of the process, because
 * Windows does not let other processes read a locked one. Thread-safe.
 */
final class PhoneLock implements Closeable {
    private static final Logger log = LoggerFactory.getLogger(PhoneLock.class);

    /** {@link #findUser} of another process holds a shared lock for less than a millisecond. */
    private static final Duration MAX_WAIT = Duration.ofSeconds(2);

    private static final Duration ATTEMPT_INTERVAL = Duration.ofMillis(10);

    private final Path file;
    private final FolderLock lock;

    private PhoneLock(Path file, FolderLock lock) {
        this.file = file;
        this.lock = lock;
    }

    /**
     * Locks a phone.
     *
     * @param file is created if it is missing
     * @param serial for the message
     * @throws DeviceInUseException if this process or another one has locked it
     */
    static synchronized PhoneLock acquire(Path file, String serial)
            throws IOException, DeviceInUseException, InterruptedException {
        long deadline = System.nanoTime() + MAX_WAIT.toNanos();
        Optional<FolderLock> lock = FolderLock.tryAcquire(file);
        while (lock.isEmpty() && FolderLock.isFree(file) && System.nanoTime() < deadline) {
            Thread.sleep(ATTEMPT_INTERVAL.toMillis());
            lock = FolderLock.tryAcquire(file);
        }
        if (lock.isEmpty()) {
            throw new DeviceInUseException(serial + ": " + describeUser(file));
        }
        try {
            Files.writeString(
                    processFile(file), Long.toString(ProcessHandle.current().pid()));
            return new PhoneLock(file, lock.get());
        } catch (IOException e) {
            lock.get().close();
            throw e;
        }
    }

    /**
     * Returns who has locked a phone, as the message of a {@link DeviceInUseException} without the serial number; null
     * if it is not locked.
     */
    static synchronized @Nullable String findUser(Path file) throws IOException {
        return FolderLock.isFree(file) ? null : describeUser(file);
    }

    private static String describeUser(Path file) throws IOException {
        if (FolderLock.isHeldByThisProcess(file)) {
            return "the phone is already in use by this process";
        }
        String process;
        try {
            process = Files.readString(processFile(file));
        } catch (NoSuchFileException e) { // not written yet
            process = "";
        }
        return "the phone is in use by " + (process.matches("\\d+") ? "process " + process : "another process");
    }

    private static Path processFile(Path file) {
        return file.resolveSibling(file.getFileName() + ".pid");
    }

    /** Releases the phone. Does nothing if it was released, also if another controller has locked it since. */
    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            log.warn("cannot close {}", file, e);
        }
    }
}
