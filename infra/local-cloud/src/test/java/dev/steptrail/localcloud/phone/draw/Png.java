package dev.steptrail.localcloud.phone.draw;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Encodes images as PNG. The pixels are the same on every Java; the bytes are the same only where zlib is. */
public final class Png {
    private Png() {}

    /** The PNG file of {@code image}, quickly made, with all its colors. */
    public static byte[] encode(BufferedImage image) {
        return encode(image, 0.5f);
    }

    /** A PNG file as small as can be: at most 256 colors, as {@link Palette} chooses them. */
    public static byte[] encodeSmall(BufferedImage image) {
        return encode(Palette.reduce(image), 0.15f);
    }

    /** {@code quality} 1 compresses least, 0 most. */
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
