package dev.steptrail.tracker.picture;

import java.awt.Rectangle;

/**
 * A part of a picture that is to be made unreadable, before anything of it is written.
 *
 * @param region in pixels from the upper left corner; what lies outside of the picture does not count
 */
public record Redaction(Rectangle region, Style style) {
    /** How. */
    public enum Style {
        /** Nothing of it is left. */
        BLACK_OUT,
        /** Squares of 48 pixels in their average colour are left: no text, but whether there was a picture or a page. */
        BLUR
    }

    public Redaction {
        region = new Rectangle(region);
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
