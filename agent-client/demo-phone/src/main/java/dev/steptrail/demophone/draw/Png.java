package dev.steptrail.demophone.draw;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Encodes images as PNG. The pixels are identical on every JVM; the bytes depend on its zlib. */
public final class Png {
    private Png() {}

    /** Encodes {@code image} with all its colors, optimized for speed. */
    public static byte[] encode(BufferedImage image) {
        return encode(image, 0.5f);
    }

    /** Encodes {@code image} optimized for size, with at most 256 colors, which {@link Palette} selects. */
    public static byte[] encodeSmall(BufferedImage image) {
        return encode(Palette.reduce(image), 0.15f);
    }

    /** @param quality 1 for the least compression, 0 for the most */
    private static byte[] encode(BufferedImage image, float quality) {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream output = new MemoryCacheImageOutputStream(bytes)) {
            ImageWriteParam settings = writer.getDefaultWriteParam();
            settings.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            settings.setCompressionQuality(quality);
            writer.setOutput(output);
            writer.write(null, new IIOImage(image, null, null), settings);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot encode a PNG in memory", e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }
}
