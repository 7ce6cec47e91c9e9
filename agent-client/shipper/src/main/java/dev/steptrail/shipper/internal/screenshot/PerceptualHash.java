package dev.steptrail.shipper.internal.screenshot;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * A 64-bit average hash: one bit for each cell of an 8 by 8 grid, set if the cell is at least as light as the average.
 * Another time on the screen's clock or another image quality changes at most two bits; a different screen, at least
 * six, mostly twenty or more.
 *
 * <p>{@code dwebp} decodes and scales the image, so that this process reads only 64 pixels.
 */
final class PerceptualHash {
    private static final int SIDE = 8;
    private static final String SIDE_TEXT = String.valueOf(SIDE);
    private static final byte[] PPM_HEADER = "P6\n8 8\n255\n".getBytes(StandardCharsets.US_ASCII);
    private static final int CHANNELS = 3;

    private PerceptualHash() {}

    static String compute(byte[] webp) throws IOException {
        return hashPpm(PipedProcess.run(
                List.of(
                        EncoderPrograms.installIfMissing("dwebp").toString(),
                        "-quiet",
                        "-resize",
                        SIDE_TEXT,
                        SIDE_TEXT,
                        "-ppm",
                        "-o",
                        "-",
                        "--",
                        "-"),
                webp));
    }

    private static String hashPpm(byte[] ppm) throws IOException {
        if (ppm.length != PPM_HEADER.length + SIDE * SIDE * CHANNELS) {
            throw new IOException("dwebp did not write 8 by 8 pixels");
        }
        int[] lightness = new int[SIDE * SIDE];
        long sum = 0;
        for (int cell = 0; cell < lightness.length; cell++) {
            lightness[cell] = lightness(ppm, PPM_HEADER.length + cell * CHANNELS);
            sum += lightness[cell];
        }
        long hash = 0;
        for (int x = 0; x < SIDE; x++) {
            for (int y = 0; y < SIDE; y++) {
                boolean light = (long) lightness[y * SIDE + x] * lightness.length >= sum;
                hash |= light ? 1L << (x * SIDE + y) : 0;
            }
        }
        return String.format(Locale.ROOT, "%016x", hash);
    }

    /** Returns the luma of a pixel, with the weights of ITU-R BT.601 in thousandths. */
    private static int lightness(byte[] ppm, int offset) {
        return 299 * (ppm[offset] & 0xFF) + 587 * (ppm[offset + 1] & 0xFF) + 114 * (ppm[offset + 2] & 0xFF);
    }
}
