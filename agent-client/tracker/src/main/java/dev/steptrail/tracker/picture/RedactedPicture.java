package dev.steptrail.tracker.picture;

import dev.steptrail.stepformat.Region;
import dev.steptrail.tracker.outbox.BrokenImageException;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/**
 * A picture as it may be written.
 *
 * @param regions what was made unreadable in it
 */
@SuppressWarnings("ArrayRecordComponent") // written, never compared
public record RedactedPicture(byte[] png, List<Region> regions) {
    private static final int SQUARE = 48;

    /**
     * Makes the parts unreadable, on a copy. A picture in which that is nothing stays as it was given.
     *
     * @throws BrokenImageException if it is no picture, or too large for that
     */
    public static RedactedPicture of(Picture picture, List<Redaction> redactions) throws BrokenImageException {
        if (redactions.isEmpty()) {
            return new RedactedPicture(picture.png(), List.of());
        }
        BufferedImage copy = copyOf(picture.image());
        List<Region> regions = new ArrayList<>();
        for (Redaction redaction : redactions) {
            Rectangle part = redaction.region().intersection(new Rectangle(copy.getWidth(), copy.getHeight()));
            if (!part.isEmpty()) {
                regions.add(new Region(part.x, part.y, part.width, part.height));
                switch (redaction.style()) {
                    case BLACK_OUT -> fill(copy, part, Color.BLACK);
                    case BLUR -> blur(copy, part);
                }
            }
        }
        return new RedactedPicture(regions.isEmpty() ? picture.png() : ImageBytes.png(copy), regions);
    }

    /** Of other colours than a palette has, and without transparency, behind which something could be left. */
    private static BufferedImage copyOf(BufferedImage image) {
        BufferedImage copy = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = copy.createGraphics();
        graphics.drawImage(image, 0, 0, null);
        graphics.dispose();
        return copy;
    }

    private static void blur(BufferedImage image, Rectangle part) {
        for (int y = part.y; y < part.y + part.height; y += SQUARE) {
            for (int x = part.x; x < part.x + part.width; x += SQUARE) {
                Rectangle square = part.intersection(new Rectangle(x, y, SQUARE, SQUARE));
                fill(image, square, average(image, square));
            }
        }
    }

    private static void fill(BufferedImage image, Rectangle part, Color colour) {
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(colour);
        graphics.fill(part);
        graphics.dispose();
    }

    private static Color average(BufferedImage image, Rectangle square) {
        int[] pixels = image.getRGB(square.x, square.y, square.width, square.height, null, 0, square.width);
        long red = 0;
        long green = 0;
        long blue = 0;
        for (int pixel : pixels) {
            red += (pixel >> 16) & 255;
            green += (pixel >> 8) & 255;
            blue += pixel & 255;
        }
        return new Color((int) (red / pixels.length), (int) (green / pixels.length), (int) (blue / pixels.length));
    }
}
