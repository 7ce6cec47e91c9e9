package dev.steptrail.tracker.screenshot;

import java.awt.Rectangle;

/**
 * A region of a screenshot to redact before the screenshot is written. Immutable.
 *
 * @param region in pixels from the upper left corner; a negative width or height extends it to the left or up. Parts
 *     outside the screenshot and empty regions are ignored
 */
public record Redaction(Rectangle region, Style style) {
    public enum Style {
        /** Fills the region with black. */
        BLACK_OUT,
        /**
         * Fills cells of at least 48 by 48 pixels with their average colour, so that no text remains. A region that is
         * smaller than a cell is blacked out.
         */
        BLUR
    }

    public Redaction {
        region = normalize(region);
    }

    private static Rectangle normalize(Rectangle region) {
        int left = clamp(Math.min(region.x, (long) region.x + region.width));
        int top = clamp(Math.min(region.y, (long) region.y + region.height));
        int right = clamp(Math.max(region.x, (long) region.x + region.width));
        int bottom = clamp(Math.max(region.y, (long) region.y + region.height));
        return new Rectangle(left, top, right - left, bottom - top);
    }

    /** Limits a coordinate to 0 and above, without overflow. */
    private static int clamp(long coordinate) {
        return (int) Math.max(0, Math.min(coordinate, Integer.MAX_VALUE));
    }

    public static Redaction blackOut(Rectangle region) {
        return new Redaction(region, Style.BLACK_OUT);
    }

    public static Redaction blur(Rectangle region) {
        return new Redaction(region, Style.BLUR);
    }

    @Override
    public Rectangle region() {
        return new Rectangle(region);
    }
}
