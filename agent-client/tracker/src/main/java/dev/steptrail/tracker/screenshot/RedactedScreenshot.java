package dev.steptrail.tracker.screenshot;

import dev.steptrail.stepformat.Region;
import dev.steptrail.tracker.internal.outbox.BrokenImageException;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/**
 * A screenshot after redaction.
 *
 * @param regions the regions that were redacted
 */
@SuppressWarnings("ArrayRecordComponent") // written, never compared
public record RedactedScreenshot(byte[] png, List<Region> regions) {
    /** The minimum width and height of the cells of a blurred region, in pixels. */
    private static final int MIN_CELL_SIZE = 48;

    /**
     * Redacts a copy of the image. If no redaction intersects the image, a PNG is returned unchanged.
     *
     * @throws BrokenImageException if the image is invalid, or too large to be decoded
     */
    public static RedactedScreenshot of(ScreenshotImage image, List<Redaction> redactions) throws BrokenImageException {
        if (redactions.isEmpty()) {
            return new RedactedScreenshot(image.png(), List.of());
        }
        BufferedImage copy = copyOf(image.image());
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
        return new RedactedScreenshot(regions.isEmpty() ? image.png() : ScreenshotImage.encode(copy), regions);
    }

    /** Copies the image as RGB: a palette may lack colours, and transparent pixels could still contain the content. */
    private static BufferedImage copyOf(BufferedImage image) {
        BufferedImage copy = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = copy.createGraphics();
        graphics.drawImage(image, 0, 0, null);
        graphics.dispose();
        return copy;
    }

    private static void blur(BufferedImage image, Rectangle part) {
        int columns = part.width / MIN_CELL_SIZE;
        int rows = part.height / MIN_CELL_SIZE;
        if (columns == 0 || rows == 0) {
            fill(image, part, Color.BLACK); // too small to blur
        }
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                Rectangle cell = cell(part, column, columns, row, rows);
                fill(image, cell, average(image, cell));
            }
        }
    }

    /** Returns one cell of a grid over {@code part}. No cell is smaller than {@code MIN_CELL_SIZE}. */
    private static Rectangle cell(Rectangle part, int column, int columns, int row, int rows) {
        Rectangle cell = new Rectangle();
        cell.setFrameFromDiagonal(
                part.x + part.width * column / columns,
                part.y + part.height * row / rows,
                part.x + part.width * (column + 1) / columns,
                part.y + part.height * (row + 1) / rows);
        return cell;
    }

    private static void fill(BufferedImage image, Rectangle part, Color colour) {
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(colour);
        graphics.fill(part);
        graphics.dispose();
    }

    private static Color average(BufferedImage image, Rectangle cell) {
        int[] pixels = image.getRGB(cell.x, cell.y, cell.width, cell.height, null, 0, cell.width);
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
