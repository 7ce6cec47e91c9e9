package dev.steptrail.phone.adb;

import static java.nio.file.StandardOpenOption.READ;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.phone.device.DeviceInUseException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PhoneLockTest {
    @TempDir
    private Path folder;

    @Test
    void acquire_heldByThisProcess_failsUntilClosed() throws Exception {
        Path file = folder.resolve("X.lock");
        assertThat(PhoneLock.findUser(file)).isNull();
        PhoneLock lock = PhoneLock.acquire(file, "X");

        assertThatThrownBy(() -> PhoneLock.acquire(folder.resolve("./X.lock"), "X"))
                .isInstanceOf(DeviceInUseException.class)
                .hasMessage("X: the phone is already in use by this process");
        PhoneLock.acquire(folder.resolve("Y.lock"), "Y").close();

        assertThat(PhoneLock.findUser(file)).isEqualTo("the phone is already in use by this process");
        lock.close();
        assertThat(PhoneLock.findUser(file)).isNull();
        try (PhoneLock next = PhoneLock.acquire(file, "X")) {
            lock.close();
            assertThatThrownBy(() -> PhoneLock.acquire(file, "X")).isInstanceOf(DeviceInUseException.class);
        }
    }

    @Test
    void acquire_heldByAnotherProcess_namesIt_alsoAfterAFailedAttempt() throws Exception {
        Path file = folder.resolve("X.lock");
        Files.writeString(file, "an older and longer content");
        Process other = lockInAnotherProcess(file, false);
        try {
            for (int attempt = 0; attempt < 2; attempt++) {
                assertThatThrownBy(() -> PhoneLock.acquire(file, "X"))
                        .isInstanceOf(DeviceInUseException.class)
                        .hasMessage("X: the phone is in use by process " + other.pid());
            }
            assertThat(PhoneLock.findUser(file)).isEqualTo("the phone is in use by process " + other.pid());
        } finally {
            other.destroyForcibly().waitFor();
        }
        assertThat(PhoneLock.findUser(file)).isNull();
        PhoneLock.acquire(file, "X").close();
    }

    @Test
    void acquire_whileAnotherProcessLooksAtTheLock_waitsForIt() throws Exception {
        Path file = Files.createFile(folder.resolve("X.lock"));
        Process other = lockInAnotherProcess(file, true);
        try {
            FutureTask<PhoneLock> acquired = new FutureTask<>(() -> PhoneLock.acquire(file, "X"));
            Thread thread = new Thread(acquired);
            thread.start();
            while (thread.getState() != Thread.State.TIMED_WAITING && !acquired.isDone()) {
                Thread.sleep(1);
            }

            other.destroyForcibly();

            acquired.get().close();
        } finally {
            other.destroyForcibly().waitFor();
        }
    }

    private static Process lockInAnotherProcess(Path file, boolean shared) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        PhoneLockTest.class.getName(),
                        file.toString(),
                        Boolean.toString(shared))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.inputReader().readLine()).isEqualTo("locked");
        return process;
    }

    /** Locks the file until it is killed; with a shared lock, as {@link PhoneLock#findUser} does for a moment. */
    public static void main(String[] arguments) throws Exception {
        Path file = Path.of(arguments[0]);
        boolean shared = Boolean.parseBoolean(arguments[1]);
        try (AutoCloseable lock =
                shared ? FileChannel.open(file, READ).lock(1L << 40, 1, true) : PhoneLock.acquire(file, "X")) {
            System.out.println("locked");
            Thread.sleep(60_000);
        }
    }
}
