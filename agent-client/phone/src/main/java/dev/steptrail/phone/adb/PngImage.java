package dev.steptrail.phone.adb;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
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
    static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final int IHDR = 0x49484452;
    static final int IDAT = 0x49444154;
    static final int IEND = 0x49454e44;

    /** Length, type and checksum. */
    static final int CHUNK_OVERHEAD = 12;

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
        int width = 0;
        int height = 0;
        while (output.length - position >= CHUNK_OVERHEAD) {
            int length = data.getInt(position);
            int type = data.getInt(position + 4);
            if (length < 0 || length > output.length - position - CHUNK_OVERHEAD) {
                return null;
            }
            if (type == IHDR && length >= 8) {
                width = data.getInt(position + 8);
                height = data.getInt(position + 12);
            }
            position += CHUNK_OVERHEAD + length;
            if (type == IEND) {
                byte[] file =
                        start == 0 && position == output.length ? output : Arrays.copyOfRange(output, start, position);
                return isValidSize(width, height) ? new PngImage(file, width, height) : null;
            }
        }
        return null;
    }

    /** Returns whether a screen may have this size. Images of other sizes are not decoded. */
    static boolean isValidSize(int width, int height) {
        return width > 0 && height > 0 && (long) width * height <= MAX_PIXELS;
    }

    /** Returns a black image, whose size must be valid. */
    static PngImage blackImage(int width, int height) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(SIGNATURE);
        byte[] header = ByteBuffer.allocate(13)
                .putInt(width)
                .putInt(height)
                .put((byte) 1)
                .array(); // grey, 1 bit a pixel
        writeChunk(file, IHDR, header);
        Deflater deflater = new Deflater();
        try {
            deflater.setInput(new byte[Math.multiplyExact(height, 1 + (width + 7) / 8)]);
            deflater.finish();
            ByteArrayOutputStream compressed = new ByteArrayOutputStream();
            byte[] buffer = new byte[8192];
            while (!deflater.finished()) {
                compressed.write(buffer, 0, deflater.deflate(buffer));
            }
            writeChunk(file, IDAT, compressed.toByteArray());
        } finally {
            deflater.end();
        }
        writeChunk(file, IEND, new byte[0]);
        return new PngImage(file.toByteArray(), width, height);
    }

    private static void writeChunk(ByteArrayOutputStream file, int type, byte[] content) {
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK_OVERHEAD + content.length);
        chunk.putInt(content.length).putInt(type).put(content);
        CRC32 checksum = new CRC32();
        checksum.update(chunk.array(), 4, 4 + content.length);
        file.writeBytes(chunk.putInt((int) checksum.getValue()).array());
    }
}
