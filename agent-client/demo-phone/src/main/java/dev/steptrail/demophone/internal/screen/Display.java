package dev.steptrail.demophone.internal.screen;

import java.awt.geom.Point2D;
import java.awt.image.BufferedImage;

/**
 * The screen's size, density and rotation, and the conversion between its pixels and those of the simulated phone's
 * 1080 by 2400. The simulated phone's drawing is stretched to the size, so a point has the same thousandths on each.
 */
public final class Display {
    /** The id of the display, by which {@code screencap -d} selects it. */
    public static final String ID = "4619827259835644672";

    private final int density;
    private final boolean foldable;
    private int naturalWidth;
    private int naturalHeight;
    private int rotation;

    public Display(int width, int height, int density, boolean foldable) {
        this.density = density;
        this.foldable = foldable;
        resize(width, height);
    }

    public void resize(int width, int height) {
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException("size of the screen is %d by %d".formatted(width, height));
        }
        naturalWidth = width;
        naturalHeight = height;
    }

    public void rotate(int quarterTurns) {
        if (quarterTurns < 0 || quarterTurns > 3) {
            throw new IllegalArgumentException("rotation is %d (expected 0 to 3)".formatted(quarterTurns));
        }
        rotation = quarterTurns;
    }

    /** Returns whether there is another display, which is switched off. */
    public boolean foldable() {
        return foldable;
    }

    public int density() {
        return density;
    }

    public int rotation() {
        return rotation;
    }

    public int naturalWidth() {
        return naturalWidth;
    }

    public int naturalHeight() {
        return naturalHeight;
    }

    public int width() {
        return rotation % 2 == 0 ? naturalWidth : naturalHeight;
    }

    public int height() {
        return rotation % 2 == 0 ? naturalHeight : naturalWidth;
    }

    public Point2D toLayout(double x, double y) {
        return new Point2D.Double(x * Layout.WIDTH / width(), y * Layout.HEIGHT / height());
    }

    int toScreenX(double x) {
        return (int) Math.round(x * width() / Layout.WIDTH);
    }

    int toScreenY(double y) {
        return (int) Math.round(y * height() / Layout.HEIGHT);
    }

    public BufferedImage image() {
        return new BufferedImage(width(), height(), BufferedImage.TYPE_INT_RGB);
    }
}
