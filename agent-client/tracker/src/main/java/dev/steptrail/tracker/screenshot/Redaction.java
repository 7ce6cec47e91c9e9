package dev.steptrail.tracker.screenshot;

import java.awt.Rectangle;

/**
 * A part of a picture that is to be made unreadable, before anything of it is written.
 *
 * @param region in pixels from the upper left corner; of negative width or height it reaches to the left or up. What lies
 *     outside of the picture does not count, and a region of no width or height is none
 */
public record Redaction(Rectangle region, Style style) {
    /** How. */
    public enum Style {
        /** Nothing of it is left. */
        BLACK_OUT,
        /**
         * Squares of 48 pixels and more in their average colour are left: no text, but whether there was a picture or a page. Of
         * a region that is smaller, nothing is.
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

    /** No picture has anything to the left of it, above it, or so far off. */
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
