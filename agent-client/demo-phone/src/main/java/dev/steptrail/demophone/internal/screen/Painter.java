package dev.steptrail.demophone.internal.screen;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Rectangle2D;
import java.awt.geom.RoundRectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Draws elements as boxes and text. The same elements give the same pixels on every machine. */
public final class Painter {
    private static final double CORNER = 64;

    private Painter() {}

    /** Draws the elements, stretched from 1080 by 2400 pixels to the size of {@code image}. */
    public static void paint(List<Element> elements, BufferedImage image) {
        Graphics2D graphics = image.createGraphics();
        graphics.scale((double) image.getWidth() / Layout.WIDTH, (double) image.getHeight() / Layout.HEIGHT);
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        for (Element element : elements) {
            Rectangle2D bounds = element.bounds();
            if (element.color() == null) {
                continue;
            }
            graphics.setColor(element.color());
            if (element.isDrawnText()) {
                graphics.fill(Typeface.outline(element.text(), bounds));
            } else if (bounds.getWidth() == Layout.WIDTH) {
                graphics.fill(bounds);
            } else {
                graphics.fill(new RoundRectangle2D.Double(
                        bounds.getX(), bounds.getY(), bounds.getWidth(), bounds.getHeight(), CORNER, CORNER));
            }
        }
        graphics.dispose();
    }

    /** Encodes {@code image} as a PNG file. */
    public static byte[] png(BufferedImage image) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ImageOutputStream output = new MemoryCacheImageOutputStream(bytes)) {
            ImageIO.write(image, "png", output);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot encode a PNG", e);
        }
        return bytes.toByteArray();
    }
}
