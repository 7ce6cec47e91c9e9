package dev.steptrail.tracker.internal.outbox;

import java.nio.ByteBuffer;

/** The dimensions of a PNG, from its first 24 bytes (PNG specification, sections 5.2 and 11.2.2). */
public record PngHeader(int width, int height) {
    private static final long SIGNATURE = 0x89504E470D0A1A0AL;
    private static final int IHDR = 0x49484452;
    private static final int LENGTH = 24;

    /**
     * Reads the header of a PNG.
     *
     * @throws BrokenImageException if {@code png} does not start with a valid header
     */
    public static PngHeader read(byte[] png) throws BrokenImageException {
        ByteBuffer header = ByteBuffer.wrap(png);
        if (png.length < LENGTH || header.getLong(0) != SIGNATURE || header.getInt(12) != IHDR) {
            throw new BrokenImageException("the screenshot is not a PNG");
        }
        int width = header.getInt(16);
        int height = header.getInt(20);
        if (width < 1 || height < 1) {
            throw new BrokenImageException("the PNG has an invalid size of " + width + " by " + height + " pixels");
        }
        return new PngHeader(width, height);
    }
}
