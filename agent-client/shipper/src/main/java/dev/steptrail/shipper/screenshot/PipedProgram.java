package dev.steptrail.shipper.screenshot;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** A program that makes bytes of bytes: its standard output of its standard input, once it has read all of that. */
final class PipedProgram {
    /** As a shell tells of a program that a signal ended: it was not the picture's fault. */
    private static final int FIRST_OF_SIGNALS = 129;

    private static final int LAST_OF_SIGNALS = 192;

    private PipedProgram() {}

    /** The program works, but not on what it was given. */
    static final class RefusedException extends IOException {
        RefusedException(String message) {
            super(message);
        }
    }

    /**
     * Runs it once.
     *
     * @throws RefusedException if it refuses what it is given
     * @throws IOException if it cannot be run, or dies; interrupted, it is ended
     */
    static byte[] run(List<String> command, byte[] in) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            boolean taken = give(process, in);
            byte[] made = process.getInputStream().readAllBytes();
            int exitCode = process.waitFor();
            if (exitCode >= FIRST_OF_SIGNALS && exitCode <= LAST_OF_SIGNALS) {
                throw new IOException(command.get(0) + " died with exit code " + exitCode);
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
            to.write(in);
            return true;
        } catch (IOException stopped) {
            return false;
        }
    }
}
