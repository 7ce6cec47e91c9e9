package dev.steptrail.shipper.screenshot;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A program that makes bytes of bytes: its standard output of its standard input, once it has read all of that. */
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

    private PipedProgram() {}

    /** The program works, but not on what it was given. */
    static final class RefusedException extends IOException {
        RefusedException(String message) {
            super(message);
        }
    }

    /**
     * Runs it once, at a lower priority than this process has, where there is {@code nice}.
     *
     * @throws RefusedException if it refuses what it is given
     * @throws IOException if it cannot be run, or dies; interrupted, it is ended
     */
    static byte[] run(List<String> command, byte[] in) throws IOException {
        List<String> yielding = new ArrayList<>(CAN_YIELD ? YIELDING : List.of());
        yielding.addAll(command);
        Process process = new ProcessBuilder(yielding)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            boolean taken = give(process, in);
            byte[] made = process.getInputStream().readAllBytes();
            int exitCode = process.waitFor();
            if (exitCode >= FIRST_OF_SIGNALS && exitCode <= LAST_OF_SIGNALS) {
                throw new IOException(command.get(0) + " died with exit code " + exitCode);
            }
            if (exitCode == NOT_EXECUTABLE || exitCode == NOT_FOUND) {
                throw new IOException(command.get(0) + " cannot be run");
            }
            if (exitCode != 0) {
                throw new RefusedException(command.get(0) + " refuses the picture");
            }
            if (!taken) {
                throw new IOException(command.get(0) + " did not read the picture");
            }
            return made;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + command.get(0) + " works", e);
        } finally {
            process.destroyForcibly();
        }
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
