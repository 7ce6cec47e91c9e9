package dev.steptrail.tracker.picture;

import dev.steptrail.tracker.outbox.BrokenImageException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Pixels from encoded bytes, and back, in memory alone. */
final class ImageBytes {
    /** Six times a phone's screen, and a bound to the memory that one picture takes. */
    private static final long MAX_PIXELS = 16_000_000;

    private ImageBytes() {}

    /** @throws BrokenImageException if they are no picture that can be decoded, or one that is too large to be */
    static BufferedImage decoded(byte[] encoded) throws BrokenImageException {
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(encoded))) {
            return decoded(ImageIO.getImageReaders(in).next(), in);
        } catch (BrokenImageException e) {
            throw e;
        } catch (IOException | RuntimeException unreadable) {
            throw new BrokenImageException("the picture cannot be decoded");
        }
    }

    private static BufferedImage decoded(ImageReader reader, ImageInputStream in) throws IOException {
        try {
            reader.setInput(in, true, true);
            requireSize(reader.getWidth(0), reader.getHeight(0));
            return reader.read(0);
        } finally {
            reader.dispose();
        }
    }

    /** @throws BrokenImageException if it is too large, or has pixels that PNG cannot have */
    static byte[] png(BufferedImage image) throws BrokenImageException {
        requireSize(image.getWidth(), image.getHeight());
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(png)) {
            if (!ImageIO.write(image, "png", out)) {
                throw new BrokenImageException("the picture has colours that no PNG has");
            }
        } catch (BrokenImageException e) {
            throw e;
        } catch (IOException | RuntimeException unwritable) {
            throw new BrokenImageException("the picture cannot be made a PNG");
        }
        return png.toByteArray();
    }

    private static void requireSize(int width, int height) throws BrokenImageException {
        if ((long) width * height > MAX_PIXELS) {
            throw new BrokenImageException("the picture is too large: " + width + " by " + height
                    + " pixels; make it at most " + MAX_PIXELS + " in all, or give it as PNG and redact nothing in it");
        }
    }
}
