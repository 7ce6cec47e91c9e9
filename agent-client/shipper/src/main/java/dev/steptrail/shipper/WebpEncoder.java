package dev.steptrail.shipper;

import com.sksamuel.scrimage.webp.CWebpHandler;
import dev.steptrail.tracker.outbox.BrokenImageException;
import dev.steptrail.tracker.outbox.PngHeader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;

/**
 * Makes WebP of PNG by the {@code cwebp} program that scrimage-webp brings: the PNG's bytes go to it as they are, without
 * being decoded in this process first. Thread-safe; each call is a process of its own.
 */
final class WebpEncoder {
    private static final int QUALITY = 75;
    private static final int METHOD = 4;
    /** WebP's own limit, and so a bound to what a picture may unpack to. */
    private static final int MAX_SIDE = 16_383;

    private static final int NO_LOSSLESS_LEVEL = -1;

    WebpEncoder() {
        CwebpBinary.installOnce();
    }

    /**
     * The picture as lossy WebP.
     *
     * @throws BrokenImageException if {@code png} is no picture
     * @throws IOException if the encoder itself cannot work
     */
    byte[] encode(byte[] png, PngHeader header) throws IOException {
        if (header.width() > MAX_SIDE || header.height() > MAX_SIDE) {
            throw new BrokenImageException(
                    "the picture is larger than WebP can be: " + header.width() + " by " + header.height() + " pixels");
        }
        try {
            return new CWebpHandler().convert(png, METHOD, QUALITY, NO_LOSSLESS_LEVEL, false, false, false);
        } catch (IOException e) {
            if (isReadable(png)) {
                throw e;
            }
            throw new BrokenImageException("the picture cannot be decoded");
        }
    }

    /** Tells a bad picture, which is one loss, from a broken encoder, which would be the loss of all. */
    private static boolean isReadable(byte[] png) {
        try {
            return ImageIO.read(new ByteArrayInputStream(png)) != null;
        } catch (IOException | RuntimeException unreadable) {
            return false;
        }
    }
}
