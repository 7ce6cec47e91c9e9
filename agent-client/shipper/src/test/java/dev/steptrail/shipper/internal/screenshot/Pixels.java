package dev.steptrail.shipper.internal.screenshot;

import com.sksamuel.scrimage.webp.DWebpHandler;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Decodes and compares screenshots. */
public final class Pixels {
    private Pixels() {}

    public static BufferedImage ofPng(byte[] png) throws IOException {
        return ImageIO.read(new MemoryCacheImageInputStream(new ByteArrayInputStream(png)));
    }

    public static BufferedImage ofWebp(byte[] webp) throws IOException {
        return ofPng(new DWebpHandler().convert(webp));
    }

    public static byte[] png(BufferedImage image) throws IOException {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(image, "png", new MemoryCacheImageOutputStream(png));
        return png.toByteArray();
    }

    /** The average difference of two screenshots within an area, 0 to 255. */
    public static double difference(BufferedImage one, BufferedImage other, Rectangle part) {
        long sum = 0;
        for (int y = part.y; y < part.y + part.height; y++) {
            for (int x = part.x; x < part.x + part.width; x++) {
                int a = one.getRGB(x, y);
                int b = other.getRGB(x, y);
                for (int shift = 0; shift < 24; shift += 8) {
                    sum += Math.abs(((a >> shift) & 255) - ((b >> shift) & 255));
                }
            }
        }
        return sum / (3.0 * part.width * part.height);
    }

    public static Rectangle all(BufferedImage image) {
        return new Rectangle(image.getWidth(), image.getHeight());
    }
}
