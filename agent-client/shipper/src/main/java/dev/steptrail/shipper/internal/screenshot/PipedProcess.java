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
 * Runs a program that reads all of its standard input, then writes its standard output. The timeout is 60 s. In
 * contrast to the CLI, which polls the programs of users, it blocks: polling would delay each screenshot.
 */
final class PipedProcess {
    /** The exit codes of {@code nice} for a program that cannot be run, by POSIX. */
    private static final int NOT_EXECUTABLE = 126;

    private static final int NOT_FOUND = 127;

    /** The exit codes of a program that was killed by a signal: 128 plus the signal's number. */
    private static final int FIRST_SIGNAL = 129;

    private static final int LAST_SIGNAL = 192;

    /** Larger writes are copied to a malloc buffer of the JVM, whose memory is not returned to the system. */
    private static final int CHUNK_BYTES = 8 * 1024;

    /** Runs the program at a low priority, so that it does not slow down an agent on this machine. */
    private static final List<String> NICE = List.of("/usr/bin/nice", "-n", "10");

    private static final boolean HAS_NICE = Files.isExecutable(Path.of(NICE.get(0)));

    /** The environment variables that a program needs. Others may be secrets, such as AWS_SECRET_ACCESS_KEY. */
    private static final Set<String> INHERITED_VARIABLES = Set.of("PATH", "SYSTEMROOT", "TEMP", "TMP");

    /** The largest image takes a few seconds, on a busy machine up to ten times as long. */
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private PipedProcess() {}

    /** The program works, but rejected its input. */
    static final class RejectedInputException extends IOException {
        RejectedInputException(String message) {
            super(message);
        }
    }

    /** The program did not exit before the timeout, and was killed. */
    static final class ProcessTimeoutException extends IOException {
        ProcessTimeoutException(String message) {
            super(message);
        }
    }

    /**
     * Runs the program once, at a lower priority than this process if {@code nice} is available.
     *
     * @throws RejectedInputException if it rejects its input
     * @throws ProcessTimeoutException if it does not exit within the timeout
     * @throws IOException if it cannot be run, is killed, or this thread is interrupted, which kills the program
     */
    static byte[] run(List<String> command, byte[] in) throws IOException {
        return run(command, in, TIMEOUT);
    }

    static byte[] run(List<String> command, byte[] in, Duration timeout) throws IOException {
        List<String> niceCommand = new ArrayList<>(HAS_NICE ? NICE : List.of());
        niceCommand.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(niceCommand).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().keySet().removeIf(name -> !INHERITED_VARIABLES.contains(name.toUpperCase(Locale.ROOT)));
        Process process = builder.start();
        CompletableFuture<Void> exited = new CompletableFuture<>();
        CompletableFuture<Boolean> hung = exited.orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .handle((inTime, late) -> late != null && kill(process));
        try {
            boolean inputRead = writeInput(process, in);
            byte[] output = process.getInputStream().readAllBytes();
            int exitCode = process.waitFor();
            exited.complete(null);
            if (hung.join()) {
                throw new ProcessTimeoutException(
                        command.get(0) + " did not exit within " + timeout.toSeconds() + " s");
            }
            requireSuccess(command.get(0), exitCode, inputRead);
            return output;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + command.get(0) + " was running", e);
        } finally {
            exited.complete(null);
            process.destroyForcibly();
        }
    }

    private static void requireSuccess(String program, int exitCode, boolean inputRead) throws IOException {
        if (exitCode >= FIRST_SIGNAL && exitCode <= LAST_SIGNAL) {
            throw new IOException(program + " was killed by a signal (exit code " + exitCode + ")");
        }
        if (exitCode == NOT_EXECUTABLE || exitCode == NOT_FOUND) {
            throw new IOException(program + " cannot be executed");
        }
        if (exitCode != 0) {
            throw new RejectedInputException(program + " rejected the screenshot");
        }
        if (!inputRead) {
            throw new IOException(program + " did not read the screenshot");
        }
    }

    /** Kills the process and its descendants. Its streams stay open until all of these have exited. */
    private static boolean kill(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.toHandle().destroyForcibly();
        return true;
    }

    /** Returns false if the program stopped reading before the end; its exit code shows why. */
    private static boolean writeInput(Process process, byte[] in) {
        try (OutputStream to = process.getOutputStream()) {
            for (int offset = 0; offset < in.length; offset += CHUNK_BYTES) {
                to.write(in, offset, Math.min(CHUNK_BYTES, in.length - offset));
            }
            return true;
        } catch (IOException stopped) {
            return false;
        }
    }
}
