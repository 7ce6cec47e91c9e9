package dev.steptrail.shipper.internal.screenshot;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Runs a program that reads all of its standard input and then writes its standard output. The timeout is 60 s.
 */
final class PipedProgram {
    /** The exit codes of {@code nice} for a program that cannot be run, by POSIX. */
    private static final int NOT_EXECUTABLE = 126;

    private static final int NOT_FOUND = 127;

    /** The exit codes, 128 plus the signal number, of a program that a signal ended, which is not the picture's fault. */
    private static final int FIRST_OF_SIGNALS = 129;

    private static final int LAST_OF_SIGNALS = 192;

    /** Larger writes are copied to a malloc buffer of the JVM, whose memory is not returned to the system. */
    private static final int PIECE = 8 * 1024;

    /** The agent on this machine has priority. */
    private static final List<String> YIELDING = List.of("/usr/bin/nice", "-n", "10");

    private static final boolean CAN_YIELD = Files.isExecutable(Path.of(YIELDING.get(0)));

    /** The variables that a program needs to run. The others may be secrets, such as AWS_SECRET_ACCESS_KEY. */
    private static final Set<String> INHERITED = Set.of("PATH", "SYSTEMROOT", "TEMP", "TMP");

    /** The largest picture takes some seconds, and up to ten times as long on a busy machine. */
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private PipedProgram() {}

    /** The program works, but rejected its input. */
    static final class RefusedException extends IOException {
        RefusedException(String message) {
            super(message);
        }
    }

    /** The program did not exit before the timeout, and was killed. */
    static final class HungException extends IOException {
        HungException(String message) {
            super(message);
        }
    }

    /**
     * Runs the program once, at a lower priority than this process if {@code nice} is available.
     *
     * @throws RefusedException if it rejects its input
     * @throws HungException if it does not exit within the timeout
     * @throws IOException if it cannot be run, is killed, or this thread is interrupted, which kills the program
     */
    static byte[] run(List<String> command, byte[] in) throws IOException {
        return run(command, in, TIMEOUT);
    }

    static byte[] run(List<String> command, byte[] in, Duration longest) throws IOException {
        List<String> yielding = new ArrayList<>(CAN_YIELD ? YIELDING : List.of());
        yielding.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(yielding).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().keySet().removeIf(name -> !INHERITED.contains(name.toUpperCase(Locale.ROOT)));
        Process process = builder.start();
        CompletableFuture<Void> ended = new CompletableFuture<>();
        CompletableFuture<Boolean> hung = ended.orTimeout(longest.toMillis(), TimeUnit.MILLISECONDS)
                .handle((inTime, late) -> late != null && end(process));
        try {
            boolean taken = give(process, in);
            byte[] made = process.getInputStream().readAllBytes();
            int exitCode = process.waitFor();
            ended.complete(null);
            if (hung.join()) {
                throw new HungException(command.get(0) + " did not end within " + longest.toSeconds() + " s");
            }
            requireDone(command.get(0), exitCode, taken);
            return made;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + command.get(0) + " works", e);
        } finally {
            ended.complete(null);
            process.destroyForcibly();
        }
    }

    private static void requireDone(String program, int exitCode, boolean taken) throws IOException {
        if (exitCode >= FIRST_OF_SIGNALS && exitCode <= LAST_OF_SIGNALS) {
            throw new IOException(program + " died with exit code " + exitCode);
        }
        if (exitCode == NOT_EXECUTABLE || exitCode == NOT_FOUND) {
            throw new IOException(program + " cannot be run");
        }
        if (exitCode != 0) {
            throw new RefusedException(program + " refuses the picture");
        }
        if (!taken) {
            throw new IOException(program + " did not read the picture");
        }
    }

    /** Kills the process and its descendants. Its streams stay open until all of these have exited. */
    private static boolean end(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.toHandle().destroyForcibly();
        return true;
    }

    /** Returns false if the program stopped reading before the end; its exit code shows why. */
    private static boolean give(Process process, byte[] in) {
        try (OutputStream to = process.getOutputStream()) {
            for (int at = 0; at < in.length; at += PIECE) {
                to.write(in, at, Math.min(PIECE, in.length - at));
            }
            return true;
        } catch (IOException stopped) {
            return false;
        }
    }
}
