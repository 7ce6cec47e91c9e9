package dev.steptrail.shipper;

import com.sksamuel.scrimage.webp.CWebpHandler;
import dev.steptrail.tracker.outbox.BrokenImageException;
import java.io.IOException;

/**
 * Makes WebP of PNG by the {@code cwebp} program that scrimage-webp brings: the PNG's bytes go to it as they are, without
 * being decoded in this process first. Thread-safe; each call is a process of its own.
 */
final class WebpEncoder {
    private static final int QUALITY = 75;
    private static final int METHOD = 4;
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
    byte[] encode(byte[] png) throws IOException {
        PngCheck.header(png);
        try {
            return convert(png);
        } catch (IOException refused) {
            // The encoder is stricter than most readers. What it refuses of a picture that was written anew, it refuses
            // of all: a bad picture is one loss, a broken encoder would be the loss of all.
            return convert(PngCheck.writtenAnew(png));
        }
    }

    private static byte[] convert(byte[] png) throws IOException {
        return new CWebpHandler().convert(png, METHOD, QUALITY, NO_LOSSLESS_LEVEL, false, false, false);
    }
}
