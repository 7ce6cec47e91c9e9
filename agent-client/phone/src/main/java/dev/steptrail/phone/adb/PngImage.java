package dev.steptrail.phone.adb;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * A PNG file. The image is not decoded. Source: W3C, Portable Network Graphics (PNG) Specification.
 *
 * @param bytes the file
 * @param width in pixels
 * @param height in pixels
 */
@SuppressWarnings("ArrayRecordComponent") // not compared
record PngImage(byte[] bytes, int width, int height) {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final int IHDR = 0x49484452;
    private static final int IDAT = 0x49444154;
    private static final int IEND = 0x49454e44;

    /** Length, type and checksum. */
    private static final int CHUNK_OVERHEAD = 12;

    private static final int MAX_SIDE = 32_768;

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
                boolean valid = width > 0 && height > 0 && width <= MAX_SIDE && height <= MAX_SIDE;
                byte[] file =
                        start == 0 && position == output.length ? output : Arrays.copyOfRange(output, start, position);
                return valid ? new PngImage(file, width, height) : null;
            }
        }
        return null;
    }

    /** Returns a black image. */
    static PngImage black(int width, int height) {
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

    /**
     * Returns whether every pixel is black. Inflates the image until the first other pixel. Filters need not be undone:
     * all of them predict black from black, so the image is black if all filtered colours are zero.
     */
    boolean isBlack() {
        ByteBuffer data = ByteBuffer.wrap(bytes);
        int colourType = bytes[SIGNATURE.length + 8 + 9];
        boolean alpha = colourType == 6;
        if ((colourType != 2 && !alpha) || bytes[SIGNATURE.length + 8 + 8] != 8) {
            return false; // not what screencap writes
        }
        BlackRows rows = new BlackRows(width, alpha);
        Inflater inflater = new Inflater();
        try {
            byte[] buffer = new byte[1 << 16];
            for (int position = SIGNATURE.length; data.getInt(position + 4) != IEND; ) {
                int length = data.getInt(position);
                if (data.getInt(position + 4) == IDAT) {
                    inflater.setInput(bytes, position + 8, length);
                    for (int count = inflater.inflate(buffer); count > 0; count = inflater.inflate(buffer)) {
                        if (!rows.accept(buffer, count)) {
                            return false;
                        }
                    }
                }
                position += CHUNK_OVERHEAD + length;
            }
            return rows.count() == height;
        } catch (DataFormatException e) {
            return false;
        } finally {
            inflater.end();
        }
    }

    /** Checks the filtered bytes of rows: one byte with the filter, then 3 or 4 bytes for each pixel. */
    private static final class BlackRows {
        private final int rowLength;
        private final boolean alpha;
        private int column;
        private int rows;

        BlackRows(int width, boolean alpha) {
            this.rowLength = 1 + width * (alpha ? 4 : 3);
            this.alpha = alpha;
        }

        boolean accept(byte[] data, int count) {
            for (int i = 0; i < count; i++) {
                boolean colour = column > 0 && (!alpha || column % 4 != 0);
                if (colour && data[i] != 0) {
                    return false;
                }
                if (++column == rowLength) {
                    column = 0;
                    rows++;
                }
            }
            return true;
        }

        int count() {
            return rows;
        }
    }
}
