package dev.steptrail.demophone.internal.screen;

import ar.com.hjg.pngj.FilterType;
import ar.com.hjg.pngj.ImageInfo;
import ar.com.hjg.pngj.ImageLineByte;
import ar.com.hjg.pngj.PngWriter;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Rectangle2D;
import java.awt.geom.RoundRectangle2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.zip.Deflater;

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

    /**
     * Encodes {@code image} as a PNG file, optimized for speed. This takes a third of the time of Java's encoder.
     *
     * @param image of type {@link BufferedImage#TYPE_INT_RGB}
     */
    public static byte[] png(BufferedImage image) {
        int width = image.getWidth();
        int[] pixels = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PngWriter writer = new PngWriter(bytes, new ImageInfo(width, image.getHeight(), 8, false));
        writer.setFilterType(FilterType.FILTER_NONE);
        writer.setCompLevel(Deflater.BEST_SPEED);
        ImageLineByte line = new ImageLineByte(writer.imgInfo);
        byte[] row = line.getScanline();
        for (int start = 0; start < pixels.length; start += width) {
            for (int x = 0; x < width; x++) {
                int pixel = pixels[start + x];
                row[3 * x] = (byte) (pixel >> 16);
                row[3 * x + 1] = (byte) (pixel >> 8);
                row[3 * x + 2] = (byte) pixel;
            }
            writer.writeRow(line);
        }
        writer.end();
        return bytes.toByteArray();
    }
}
