package dev.steptrail.phone.adb;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/** Finds out whether a screenshot is black, which is how many phones show a protected window. */
final class BlackScreenDetector {
    /** An image that is black but for the bars has about 180 pixels for each byte of the file, a photo has 3. */
    private static final int MIN_PIXELS_PER_BYTE = 20;

    private BlackScreenDetector() {}

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
    static Black detect(PngImage image) {
        byte[] bytes = image.bytes();
        int width = image.width();
        int height = image.height();
        int pixelBytes = pixelBytes(bytes);
        if (pixelBytes == 0 || (long) bytes.length * MIN_PIXELS_PER_BYTE > (long) width * height) {
            return Black.NONE;
        }
        BlackRows rows = new BlackRows(width, height, pixelBytes);
        try (InputStream data =
                new InflaterInputStream(new ByteArrayInputStream(imageData(bytes)), new Inflater(), 1 << 13)) {
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
    private static int pixelBytes(byte[] bytes) {
        int header = PngImage.SIGNATURE.length + 8;
        boolean plain = bytes[header + 8] == 8 && bytes[header + 12] == 0; // 8 bits, not interlaced
        return switch (plain ? bytes[header + 9] : 0) {
            case 2 -> 3;
            case 6 -> 4;
            default -> 0;
        };
    }

    /** Returns the compressed image, which may be in several chunks. */
    private static byte[] imageData(byte[] bytes) {
        ByteBuffer data = ByteBuffer.wrap(bytes);
        ByteArrayOutputStream image = new ByteArrayOutputStream(bytes.length);
        for (int position = PngImage.SIGNATURE.length; data.getInt(position + 4) != PngImage.IEND; ) {
            int length = data.getInt(position);
            if (data.getInt(position + 4) == PngImage.IDAT) {
                image.write(bytes, position + 8, length);
            }
            position += PngImage.CHUNK_OVERHEAD + length;
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
