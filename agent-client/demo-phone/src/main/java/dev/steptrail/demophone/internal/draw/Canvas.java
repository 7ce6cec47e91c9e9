package dev.steptrail.demophone.internal.draw;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.geom.RoundRectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Draws antialiased shapes and text into an image, in pixels from its upper left corner. Not thread-safe. */
public final class Canvas {
    private final Graphics2D graphics;
    private final List<DrawnText> texts;

    /**
     * Creates a canvas that draws on {@code image}.
     *
     * @param scaleX pixels of the image per unit of length
     * @param scaleY pixels of the image per unit of length
     */
    public Canvas(BufferedImage image, double scaleX, double scaleY) {
        this(image.createGraphics(), new ArrayList<>());
        graphics.scale(scaleX, scaleY);
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    }

    private Canvas(Graphics2D graphics, List<DrawnText> texts) {
        this.graphics = graphics;
        this.texts = texts;
    }

    /** Returns the texts that were drawn, without those that are outside of the clip. */
    public List<DrawnText> texts() {
        return List.copyOf(texts);
    }

    /** Returns a canvas on the same image whose texts are not part of {@link #texts()}. */
    public Canvas withoutTexts() {
        return new Canvas(graphics, new ArrayList<>());
    }

    public void fill(Shape shape, Color color) {
        graphics.setColor(color);
        graphics.fill(shape);
    }

    public void rectangle(double x, double y, double width, double height, Color color) {
        fill(new Rectangle2D.Double(x, y, width, height), color);
    }

    public void rounded(double x, double y, double width, double height, double radius, Color color) {
        fill(new RoundRectangle2D.Double(x, y, width, height, radius * 2, radius * 2), color);
    }

    public void circle(double centerX, double centerY, double radius, Color color) {
        fill(new Ellipse2D.Double(centerX - radius, centerY - radius, radius * 2, radius * 2), color);
    }

    public void ring(double centerX, double centerY, double radius, double thickness, Color color) {
        stroke(new Ellipse2D.Double(centerX - radius, centerY - radius, radius * 2, radius * 2), thickness, color);
    }

    public void line(double x1, double y1, double x2, double y2, double thickness, Color color) {
        stroke(new Line2D.Double(x1, y1, x2, y2), thickness, color);
    }

    /** Fills the polygon through {@code points}: x, y, x, y, … */
    public void polygon(Color color, double... points) {
        Path2D path = path(points);
        path.closePath();
        fill(path, color);
    }

    /** Draws a line through {@code points}: x, y, x, y, … */
    public void polyline(double thickness, Color color, double... points) {
        stroke(path(points), thickness, color);
    }

    public void stroke(Shape shape, double thickness, Color color) {
        graphics.setColor(color);
        graphics.setStroke(new BasicStroke((float) thickness, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        graphics.draw(shape);
    }

    /** Fills {@code shape} with a vertical gradient from {@code top} at {@code y1} to {@code bottom} at {@code y2}. */
    public void gradient(Shape shape, double y1, Color top, double y2, Color bottom) {
        graphics.setPaint(new GradientPaint(0, (float) y1, top, 0, (float) y2, bottom));
        graphics.fill(shape);
    }

    /** Draws {@code text} to the right of {@code x}, on the baseline {@code y}. */
    public void text(String text, double x, double y, TextStyle style) {
        fill(Typeface.of(style.weight()).outline(text, style.size(), x, y), style.color());
        Rectangle2D line = new Rectangle2D.Double(x, y - style.size(), style.width(text), style.size() * 1.25);
        Rectangle2D visible = graphics.getClip() == null
                ? line
                : line.createIntersection(graphics.getClip().getBounds2D());
        if (!visible.isEmpty()) {
            texts.add(new DrawnText(text, visible));
        }
    }

    public void textCentered(String text, double centerX, double y, TextStyle style) {
        text(text, centerX - style.width(text) / 2, y, style);
    }

    public void textEndingAt(String text, double right, double y, TextStyle style) {
        text(text, right - style.width(text), y, style);
    }

    /** Runs {@code drawing} on a square of 100 by 100 units, scaled to {@code size} pixels at {@code (x, y)}. */
    public void inSquare(double x, double y, double size, Consumer<Canvas> drawing) {
        AffineTransform before = graphics.getTransform();
        graphics.translate(x, y);
        graphics.scale(size / 100, size / 100);
        drawing.accept(this);
        graphics.setTransform(before);
    }

    /** Runs {@code drawing}, clipped to {@code area}. */
    public void inside(Shape area, Consumer<Canvas> drawing) {
        Shape before = graphics.getClip();
        graphics.clip(area);
        drawing.accept(this);
        graphics.setClip(before);
    }

    private static Path2D path(double... points) {
        Path2D path = new Path2D.Double();
        path.moveTo(points[0], points[1]);
        for (int i = 2; i < points.length; i += 2) {
            path.lineTo(points[i], points[i + 1]);
        }
        return path;
    }
}
