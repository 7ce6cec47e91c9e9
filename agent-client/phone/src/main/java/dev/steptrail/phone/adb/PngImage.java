package dev.steptrail.phone.adb;

import ar.com.hjg.pngj.ImageInfo;
import ar.com.hjg.pngj.ImageLineByte;
import ar.com.hjg.pngj.PngWriter;
import dev.steptrail.tracker.internal.outbox.BrokenImageException;
import dev.steptrail.tracker.internal.outbox.PngHeader;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A PNG file. Source: W3C, Portable Network Graphics (PNG) Specification.
 *
 * @param bytes the file
 * @param width in pixels
 * @param height in pixels
 */
@SuppressWarnings("ArrayRecordComponent") // not compared
record PngImage(byte[] bytes, int width, int height) {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final int IEND = 0x49454e44;

    /** Length, type and checksum. */
    private static final int CHUNK_OVERHEAD = 12;

    /** More than an 8K screen has. Decoding takes about 10 ms for a million pixels. */
    private static final int MAX_PIXELS = 40_000_000;

    /** Returns the position of a PNG file in the output of a command, or -1. */
    static int find(byte[] output) {
        for (int i = 0; i + SIGNATURE.length <= output.length; i++) {
            if (output[i] == SIGNATURE[0]
                    && Arrays.equals(output, i, i + SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length)) {
                return i;
            }
        }
        return -1;
    }

    /** Returns the file that starts at {@code start}, or null if it is truncated or invalid. */
    static @Nullable PngImage read(byte[] output, int start) {
        ByteBuffer data = ByteBuffer.wrap(output);
        int position = start + SIGNATURE.length;
        while (output.length - position >= CHUNK_OVERHEAD) {
            int length = data.getInt(position);
            int type = data.getInt(position + 4);
            if (length < 0 || length > output.length - position - CHUNK_OVERHEAD) {
                return null;
            }
            position += CHUNK_OVERHEAD + length;
            if (type == IEND) {
                byte[] file =
                        start == 0 && position == output.length ? output : Arrays.copyOfRange(output, start, position);
                return ofFile(file);
            }
        }
        return null;
    }

    private static @Nullable PngImage ofFile(byte[] file) {
        try {
            PngHeader header = PngHeader.read(file);
            return isValidSize(header.width(), header.height())
                    ? new PngImage(file, header.width(), header.height())
                    : null;
        } catch (BrokenImageException e) {
            return null;
        }
    }

    /** Returns whether a screen may have this size. Images of other sizes are not decoded. */
    static boolean isValidSize(int width, int height) {
        return width > 0 && height > 0 && (long) width * height <= MAX_PIXELS;
    }

    /** Returns a black image, whose size must be valid. */
    static PngImage blackImage(int width, int height) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        ImageInfo grey = new ImageInfo(width, height, 1, false, true, false);
        PngWriter writer = new PngWriter(file, grey);
        ImageLineByte black = new ImageLineByte(grey);
        for (int y = 0; y < height; y++) {
            writer.writeRow(black);
        }
        writer.end();
        return new PngImage(file.toByteArray(), width, height);
    }
}
