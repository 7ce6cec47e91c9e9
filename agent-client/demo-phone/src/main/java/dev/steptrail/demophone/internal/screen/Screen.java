package dev.steptrail.demophone.internal.screen;

import dev.steptrail.demophone.internal.draw.Canvas;
import java.util.Optional;

/** One screen of the phone, between the status bar and the navigation bar, which the phone draws over it. */
public interface Screen {
    int WIDTH = 1080;
    int HEIGHT = 2400;

    /** Draws the current state on {@code canvas} and adds its touchable areas to {@code touchables}. */
    void draw(Canvas canvas, Touchables touchables);

    /** Returns true if the screen is dark at the top, so that the status bar must be light. */
    default boolean dark() {
        return false;
    }

    /** Returns the focused text field, if any. */
    default Optional<TextField> focused() {
        return Optional.empty();
    }

    /** Scrolls after a swipe of {@code dx} pixels to the right and {@code dy} pixels down. */
    default void scroll(double dx, double dy) {}

    /** Called when the user returns to the previous screen. */
    default void left() {}
}
