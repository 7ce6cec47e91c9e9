package dev.steptrail.demophone.internal.screen;

import java.awt.Color;
import java.awt.geom.Rectangle2D;
import org.jspecify.annotations.Nullable;

/**
 * A part of a screen, in pixels of a screen of 1080 by 2400.
 *
 * @param color of the box, or of a text; null for what is not drawn
 * @param text what is drawn for {@link Role#TEXT} and {@link Role#PICTURE}, otherwise a description for the UI tree
 * @param field whose text the element shows, or null
 * @param touch the effect of a touch; null for an element that lets touches pass
 */
public record Element(
        Role role,
        Rectangle2D bounds,
        @Nullable Color color,
        String text,
        @Nullable TextField field,
        @Nullable Touch touch) {

    /** What an element is. {@link #PICTURE} and {@link #KEY} are not part of the UI tree. */
    public enum Role {
        PICTURE,
        TEXT,
        BUTTON,
        SLIDER,
        FIELD,
        KEY
    }

    /** The effect of a touch at a point. */
    @FunctionalInterface
    public interface Touch {
        void at(double x, double y);
    }

    boolean isDrawnText() {
        return !text.isEmpty() && (role == Role.TEXT || role == Role.PICTURE);
    }

    /** Returns the element without its effects and its place in the UI tree, as behind a dialog. */
    Element asPicture() {
        return new Element(Role.PICTURE, bounds, color, isDrawnText() ? text : "", null, null);
    }
}
