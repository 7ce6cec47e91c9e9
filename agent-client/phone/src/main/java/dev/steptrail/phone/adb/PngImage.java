package dev.steptrail.phone.adb;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
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
    private static final int IHDR = 0x49484452;
    private static final int IDAT = 0x49444154;
    private static final int IEND = 0x49454e44;

    /** Length, type and checksum. */
    private static final int CHUNK_OVERHEAD = 12;

    /** An image that is black but for the bars has about 180 pixels for each byte of the file, a photo has 3. */
    private static final int MIN_PIXELS_PER_BYTE = 20;

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

    /** Which part of an image is black. */
    enum Black {
        NONE,
        /** All but a margin, where a phone shows its bars. */
        CENTRE,
        ALL
    }

    /**
     * Returns which part of the image is black. Decodes only images that compress well, up to the first row that decides
     * it, usually the first below the status bar.
     */
    Black black() {
        int pixelBytes = pixelBytes();
        if (pixelBytes == 0 || (long) bytes.length * MIN_PIXELS_PER_BYTE > (long) width * height) {
            return Black.NONE;
        }
        BlackRows rows = new BlackRows(width, height, pixelBytes);
        try (InputStream data =
                new InflaterInputStream(new ByteArrayInputStream(imageData()), new Inflater(), 1 << 13)) {
            byte[] above = new byte[width * pixelBytes];
            byte[] row = new byte[width * pixelBytes];
            for (int y = 0; y < height; y++) {
                int filter = data.read();
                if (data.readNBytes(row, 0, row.length) < row.length) {
                    return Black.NONE;
                }
                undoFilter(filter, row, above, pixelBytes);
                if (!rows.accept(row, y)) {
                    return Black.NONE;
                }
                byte[] swap = above;
                above = row;
                row = swap;
            }
        } catch (IOException e) {
            return Black.NONE; // not a valid image
        }
        return rows.marginIsBlack() ? Black.ALL : Black.CENTRE;
    }

    /** Returns the bytes of a pixel, or 0 if the image is not of a kind that {@code screencap} writes. */
    private int pixelBytes() {
        int header = SIGNATURE.length + 8;
        boolean plain = bytes[header + 8] == 8 && bytes[header + 12] == 0; // 8 bits, not interlaced
        return switch (plain ? bytes[header + 9] : 0) {
            case 2 -> 3;
            case 6 -> 4;
            default -> 0;
        };
    }

    /** Returns the compressed image, which may be in several chunks. */
    private byte[] imageData() {
        ByteBuffer data = ByteBuffer.wrap(bytes);
        ByteArrayOutputStream image = new ByteArrayOutputStream(bytes.length);
        for (int position = SIGNATURE.length; data.getInt(position + 4) != IEND; ) {
            int length = data.getInt(position);
            if (data.getInt(position + 4) == IDAT) {
                image.write(bytes, position + 8, length);
            }
            position += CHUNK_OVERHEAD + length;
        }
        return image.toByteArray();
    }

    /** Undoes the filter of a row in place; a filter predicts a byte from its neighbours to the left and above. */
    private static void undoFilter(int filter, byte[] row, byte[] above, int pixelBytes) throws IOException {
        switch (filter) {
            case 0 -> {}
            case 1 -> {
                for (int i = pixelBytes; i < row.length; i++) {
                    row[i] += row[i - pixelBytes];
                }
            }
            case 2 -> {
                for (int i = 0; i < row.length; i++) {
                    row[i] += above[i];
                }
            }
            case 3 -> {
                for (int i = 0; i < row.length; i++) {
                    int left = i < pixelBytes ? 0 : row[i - pixelBytes] & 0xff;
                    row[i] += (byte) ((left + (above[i] & 0xff)) / 2);
                }
            }
            case 4 -> {
                for (int i = 0; i < row.length; i++) {
                    int left = i < pixelBytes ? 0 : row[i - pixelBytes] & 0xff;
                    int upperLeft = i < pixelBytes ? 0 : above[i - pixelBytes] & 0xff;
                    row[i] += (byte) paeth(left, above[i] & 0xff, upperLeft);
                }
            }
            default -> throw new IOException("unknown filter " + filter);
        }
    }

    private static int paeth(int left, int up, int upperLeft) {
        int estimate = left + up - upperLeft;
        int distanceLeft = Math.abs(estimate - left);
        int distanceUp = Math.abs(estimate - up);
        int distanceUpperLeft = Math.abs(estimate - upperLeft);
        if (distanceLeft <= distanceUp && distanceLeft <= distanceUpperLeft) {
            return left;
        }
        return distanceUp <= distanceUpperLeft ? up : upperLeft;
    }

    /** Checks the pixels of rows. */
    private static final class BlackRows {
        /** The part of a side that the bars of a phone take: a status bar with a camera has 6 %. */
        private static final int MARGIN_DIVISOR = 12;

        private final int width;
        private final int height;
        private final int pixelBytes;
        private boolean marginIsBlack = true;

        BlackRows(int width, int height, int pixelBytes) {
            this.width = width;
            this.height = height;
            this.pixelBytes = pixelBytes;
        }

        /** Returns false if a pixel of the centre is not black. */
        boolean accept(byte[] row, int y) {
            boolean centreRow = isCentre(y, height);
            for (int x = 0; x < width; x++) {
                int i = x * pixelBytes;
                if ((row[i] | row[i + 1] | row[i + 2]) != 0) {
                    if (centreRow && isCentre(x, width)) {
                        return false;
                    }
                    marginIsBlack = false;
                }
            }
            return true;
        }

        private static boolean isCentre(int position, int length) {
            int margin = length / MARGIN_DIVISOR;
            return position >= margin && position < length - margin;
        }

        boolean marginIsBlack() {
            return marginIsBlack;
        }
    }
}
