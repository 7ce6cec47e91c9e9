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
 * A program that makes bytes of bytes: its standard output of its standard input, once it has read all of that. It has a minute
 * for that.
 */
final class PipedProgram {
    /** By POSIX what {@code nice} answers for a program that it cannot run. */
    private static final int NOT_EXECUTABLE = 126;

    private static final int NOT_FOUND = 127;

    /** As a shell tells of a program that a signal ended: it was not the picture's fault. */
    private static final int FIRST_OF_SIGNALS = 129;

    private static final int LAST_OF_SIGNALS = 192;

    /** More at a time would be copied into memory of the JVM's own, which it does not give back. */
    private static final int PIECE = 8 * 1024;

    /** The agent on this machine goes first. */
    private static final List<String> YIELDING = List.of("/usr/bin/nice", "-n", "10");

    private static final boolean CAN_YIELD = Files.isExecutable(Path.of(YIELDING.get(0)));

    /** The variables that a program needs to run. The others may be secrets, such as AWS_SECRET_ACCESS_KEY. */
    private static final Set<String> INHERITED = Set.of("PATH", "SYSTEMROOT", "TEMP", "TMP");

    /** The largest picture takes some seconds, and ten times that on a machine that has much else to do. */
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private PipedProgram() {}

    /** The program works, but not on what it was given. */
    static final class RefusedException extends IOException {
        RefusedException(String message) {
            super(message);
        }
    }

    /** The program did not end in time, and was ended. */
    static final class HungException extends IOException {
        HungException(String message) {
            super(message);
        }
    }

    /**
     * Runs it once, at a lower priority than this process has, where there is {@code nice}.
     *
     * @throws RefusedException if it refuses what it is given
     * @throws HungException if it does not end within a minute
     * @throws IOException if it cannot be run, or dies; interrupted, it is ended
     */
    static byte[] run(List<String> command, byte[] in) throws IOException {
        return run(command, in, LONGEST);
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

    /** Its streams stay open: they end with it, once those are gone too that it started. */
    private static boolean end(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.toHandle().destroyForcibly();
        return true;
    }

    /** False if it stopped to read before the end; its exit code says why. */
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
