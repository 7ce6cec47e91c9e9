package dev.steptrail.shipper.internal.screenshot;

import dev.steptrail.tracker.internal.outbox.BrokenImageException;
import dev.steptrail.tracker.internal.outbox.PngHeader;
import dev.steptrail.tracker.screenshot.ScreenshotImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** Checks whether the encoder can read a screenshot. */
public final class PngValidator {
    /** Limits the memory for decoding. About 20 times the pixels of a phone's screen. */
    private static final long MAX_PIXELS = 64_000_000;

    /** The maximum width and height of the WebP format. */
    private static final int MAX_SIDE = 16_383;

    private PngValidator() {}

    /**
     * Reads the header of a PNG.
     *
     * @throws BrokenImageException if it is not a PNG, or larger than WebP allows
     */
    public static PngHeader readHeader(byte[] png) throws BrokenImageException {
        PngHeader header = PngHeader.read(png);
        int width = header.width();
        int height = header.height();
        if (width > MAX_SIDE || height > MAX_SIDE || (long) width * height > MAX_PIXELS) {
            throw new BrokenImageException("the screenshot is too large: " + width + " by " + height
                    + " pixels; the maximum is " + MAX_SIDE + " for each side and " + MAX_PIXELS + " in total");
        }
        return header;
    }

    /**
     * Decodes and encodes the image, which repairs damage outside of its pixels, such as a wrong checksum.
     *
     * @throws BrokenImageException if the pixels cannot be decoded, or are too many
     */
    static byte[] reencode(byte[] png) throws BrokenImageException {
        readHeader(png);
        try {
            return ScreenshotImage.of(ScreenshotImage.of(png).image()).png();
        } catch (BrokenImageException undecodable) { // or too large; its message addresses users of the tracker
            throw new BrokenImageException("the screenshot cannot be decoded");
        }
    }

    /**
     * Decodes the whole image, but keeps only a few of its pixels in memory.
     *
     * @throws BrokenImageException if it is not a PNG, is truncated, or is larger than WebP allows
     */
    public static void requireComplete(byte[] png) throws BrokenImageException {
        PngHeader header = readHeader(png);
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(png))) {
            Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName("png");
            ImageReader reader = readers.next();
            try {
                reader.setInput(in, true, true);
                ImageReadParam subsampling = reader.getDefaultReadParam();
                subsampling.setSourceSubsampling(Math.min(64, header.width()), Math.min(64, header.height()), 0, 0);
                reader.read(0, subsampling);
            } finally {
                reader.dispose();
            }
        } catch (IOException | RuntimeException unreadable) {
            throw new BrokenImageException("the screenshot is damaged or truncated");
        }
    }
}
