package dev.steptrail.shipper.screenshot;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** A program that makes bytes of bytes: its standard output of its standard input. */
final class PipedProgram {
    private PipedProgram() {}

    /**
     * Runs it once.
     *
     * @throws IOException if it cannot be run, or refuses what it is given; interrupted, it is ended
     */
    static byte[] run(List<String> command, byte[] in) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            try (OutputStream to = process.getOutputStream()) {
                to.write(in);
            }
            byte[] made = process.getInputStream().readAllBytes();
            if (process.waitFor() != 0) {
                throw new IOException(command.get(0) + " refuses the picture");
            }
            return made;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + command.get(0) + " works", e);
        } finally {
            process.destroyForcibly();
        }
    }
}
