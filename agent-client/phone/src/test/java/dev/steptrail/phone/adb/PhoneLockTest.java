package dev.steptrail.phone.adb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.phone.device.DeviceInUseException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@link KilledWhileTypingIT} shows that the lock of a killed process is free. */
@Timeout(60)
class PhoneLockTest {
    @TempDir
    private Path folder;

    @Test
    void acquire_heldByThisProcess_failsUntilClosed() throws Exception {
        Path file = folder.resolve("X.lock");
        PhoneLock lock = PhoneLock.acquire(file, "X");

        assertThatThrownBy(() -> PhoneLock.acquire(folder.resolve("./X.lock"), "X"))
                .isInstanceOf(DeviceInUseException.class)
                .hasMessage("X: the phone is already in use by this process");
        PhoneLock.acquire(folder.resolve("Y.lock"), "Y").close();

        lock.close();
        try (PhoneLock next = PhoneLock.acquire(file, "X")) {
            lock.close();
            assertThatThrownBy(() -> PhoneLock.acquire(file, "X")).isInstanceOf(DeviceInUseException.class);
        }
    }

    @Test
    void acquire_heldByAnotherProcess_namesIt_alsoAfterAFailedAttempt() throws Exception {
        Path file = folder.resolve("X.lock");
        Files.writeString(file, "an older and longer content");
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        PhoneLockTest.class.getName(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            assertThat(other.inputReader().readLine()).isEqualTo("locked");
            for (int attempt = 0; attempt < 2; attempt++) {
                assertThatThrownBy(() -> PhoneLock.acquire(file, "X"))
                        .isInstanceOf(DeviceInUseException.class)
                        .hasMessage("X: the phone is in use by process " + other.pid());
            }
        } finally {
            other.destroyForcibly().waitFor();
        }
    }

    /** Locks the file until it is killed. */
    public static void main(String[] arguments) throws Exception {
        try (PhoneLock lock = PhoneLock.acquire(Path.of(arguments[0]), "X")) {
            System.out.println("locked");
            Thread.sleep(60_000);
        }
    }
}
