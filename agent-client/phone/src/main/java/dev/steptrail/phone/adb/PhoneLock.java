package dev.steptrail.phone.adb;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.steptrail.phone.device.DeviceInUseException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The exclusive use of a phone, as a locked file that contains the id of the process. The operating system releases the
 * lock when the process ends. Thread-safe.
 */
final class PhoneLock implements Closeable {
    private static final Logger log = LoggerFactory.getLogger(PhoneLock.class);

    /**
     * Only this byte is locked, and never written: Windows does not let other processes read locked bytes. It is far
     * behind the content.
     */
    private static final long LOCKED_BYTE = 1L << 40;

    private static final int MAX_CONTENT = 100;

    /** {@link #findUser} of another process holds a shared lock for less than a millisecond. */
    private static final int ATTEMPTS = 200;

    private static final Duration ATTEMPT_INTERVAL = Duration.ofMillis(10);

    private static final String IN_USE_BY = "the phone is in use by ";
    private static final String IN_USE_BY_THIS_PROCESS = "the phone is already in use by this process";

    /** Closing any channel of a file releases its POSIX lock, so a process must not open a file that it has locked. */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileChannel channel;

    private PhoneLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
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
        Path name = file.toAbsolutePath().normalize();
        if (!HELD.add(name)) {
            throw new DeviceInUseException(serial + ": " + IN_USE_BY_THIS_PROCESS);
        }
        boolean locked = false;
        try {
            FileChannel channel = FileChannel.open(name, READ, WRITE, CREATE);
            try {
                locked = lock(channel);
                if (!locked) {
                    throw new DeviceInUseException(serial + ": " + IN_USE_BY + holder(channel));
                }
                String process = Long.toString(ProcessHandle.current().pid());
                channel.truncate(0).write(ByteBuffer.wrap(process.getBytes(StandardCharsets.US_ASCII)), 0);
                return new PhoneLock(name, channel);
            } finally {
                if (!locked) {
                    channel.close();
                }
            }
        } finally {
            if (!locked) {
                HELD.remove(name);
            }
        }
    }

    /** Returns false if another process has an exclusive lock. Waits while others have shared locks. */
    private static boolean lock(FileChannel channel) throws IOException, InterruptedException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            if (channel.tryLock(LOCKED_BYTE, 1, false) != null) {
                return true;
            }
            if (isLockedExclusively(channel)) {
                return false;
            }
            Thread.sleep(ATTEMPT_INTERVAL.toMillis());
        }
        return false;
    }

    private static boolean isLockedExclusively(FileChannel channel) throws IOException {
        try (FileLock shared = channel.tryLock(LOCKED_BYTE, 1, true)) {
            return shared == null;
        }
    }

    /**
     * Returns who has locked a phone, as the message of a {@link DeviceInUseException} without the serial number; null
     * if it is not locked.
     */
    static synchronized @Nullable String findUser(Path file) throws IOException {
        if (HELD.contains(file.toAbsolutePath().normalize())) {
            return IN_USE_BY_THIS_PROCESS;
        }
        try (FileChannel channel = FileChannel.open(file, READ)) {
            return isLockedExclusively(channel) ? IN_USE_BY + holder(channel) : null;
        } catch (NoSuchFileException neverUsed) {
            return null;
        }
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(MAX_CONTENT);
        channel.read(content, 0);
        String process = new String(content.array(), 0, content.position(), StandardCharsets.US_ASCII);
        return process.matches("\\d+") ? "process " + process : "another process";
    }

    /** Releases the phone. Does nothing if it was released, also if another controller has locked it since. */
    @Override
    public synchronized void close() {
        if (!channel.isOpen()) {
            return;
        }
        try {
            channel.close();
        } catch (IOException e) {
            log.warn("cannot close {}", file, e);
        } finally {
            HELD.remove(file);
        }
    }
}
