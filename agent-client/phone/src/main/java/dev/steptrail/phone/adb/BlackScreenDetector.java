package dev.steptrail.phone.adb;

import ar.com.hjg.pngj.ImageInfo;
import ar.com.hjg.pngj.PngReaderByte;
import ar.com.hjg.pngj.PngjException;
import ar.com.hjg.pngj.chunks.ChunkLoadBehaviour;
import java.io.ByteArrayInputStream;

/** Finds out whether a screenshot is black, which is how many phones show a protected window. */
final class BlackScreenDetector {
    /** An image that is black but for the bars has about 180 pixels for each byte of the file, a photo has 3. */
    private static final int MIN_PIXELS_PER_BYTE = 20;

    /** The part of a side that the bars of a phone take: a status bar with a camera has 6 %. */
    private static final int MARGIN_DIVISOR = 12;

    private BlackScreenDetector() {}

    /** Which part of an image is black. */
    enum Black {
        NONE,
        /** All but a margin, where a phone shows its bars. */
        CENTRE,
        ALL
    }

    /**
     * Returns which part of the image is black. Decodes only images that compress well, up to the first row that
     * decides it, usually the first below the status bar.
     */
    static Black detect(PngImage image) {
        int width = image.width();
        int height = image.height();
        if ((long) image.bytes().length * MIN_PIXELS_PER_BYTE > (long) width * height) {
            return Black.NONE;
        }
        try {
            PngReaderByte reader = new PngReaderByte(new ByteArrayInputStream(image.bytes()));
            try {
                return detect(reader, width, height);
            } finally {
                reader.close(); // releases the native memory of its decompressor
            }
        } catch (PngjException e) {
            return Black.NONE; // not a valid image
        }
    }

    private static Black detect(PngReaderByte reader, int width, int height) {
        reader.setChunkLoadBehaviour(ChunkLoadBehaviour.LOAD_CHUNK_NEVER); // a compressed text may be huge
        ImageInfo info = reader.imgInfo;
        if (info.cols != width
                || info.rows != height
                || info.bitDepth != 8
                || info.channels < 3
                || reader.isInterlaced()) {
            return Black.NONE; // screencap does not write such images
        }
        boolean marginIsBlack = true;
        for (int y = 0; y < height; y++) {
            byte[] row = reader.readRowByte().getScanlineByte();
            for (int x = 0; x < width; x++) {
                int i = x * info.channels;
                if ((row[i] | row[i + 1] | row[i + 2]) != 0) {
                    if (isCentre(x, width) && isCentre(y, height)) {
                        return Black.NONE;
                    }
                    marginIsBlack = false;
                }
            }
        }
        return marginIsBlack ? Black.ALL : Black.CENTRE;
    }

    private static boolean isCentre(int position, int length) {
        int margin = length / MARGIN_DIVISOR;
        return position >= margin && position < length - margin;
    }
}
