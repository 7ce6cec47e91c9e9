package dev.steptrail.shipper.screenshot;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The program {@code cwebp}, which gets a PNG and gives a WebP by pipes: a copy of a screen in the temporary folder would outlive a
 * process that is killed. Thread-safe; each call is a process of its own.
 */
final class Cwebp {
    /** RIFF, a size, WEBP, and a chunk. */
    private static final int LEAST_BYTES = 20;

    private static final int SIZE_AT = 4;
    private static final int FORM_AT = 8;

    private Cwebp() {}

    /**
     * Makes a whole WebP of a PNG.
     *
     * @param more options besides quality and method
     * @throws PipedProgram.RefusedException if it refuses the PNG
     * @throws IOException if it does not work, or gives anything else than a whole WebP
     */
    static byte[] encode(byte[] png, int quality, int method, String... more) throws IOException {
        Path program = EncoderPrograms.installed("cwebp");
        List<String> command = new ArrayList<>(
                List.of(program.toString(), "-quiet", "-m", String.valueOf(method), "-q", String.valueOf(quality)));
        command.addAll(List.of(more));
        command.addAll(List.of("-o", "-", "--", "-"));
        byte[] webp = PipedProgram.run(command, png);
        if (!isWhole(webp)) {
            throw new IOException(program + " does not give a WebP but " + webp.length + " other bytes");
        }
        return webp;
    }

    /** By https://developers.google.com/speed/webp/docs/riff_container: the size is that of all that follows it. */
    private static boolean isWhole(byte[] webp) {
        return webp.length >= LEAST_BYTES
                && "RIFF".equals(new String(webp, 0, SIZE_AT, US_ASCII))
                && "WEBP".equals(new String(webp, FORM_AT, 4, US_ASCII))
                && ByteBuffer.wrap(webp).order(ByteOrder.LITTLE_ENDIAN).getInt(SIZE_AT) == webp.length - FORM_AT;
    }
}
