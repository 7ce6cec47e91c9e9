package dev.steptrail.localcloud.phone.screen;

import dev.steptrail.localcloud.phone.draw.Canvas;
import java.util.Optional;

/** One screen of the phone, between the status bar and the navigation bar, which the phone draws over it. */
public interface Screen {
    int WIDTH = 1080;
    int HEIGHT = 2400;

    /** Draws the present state on the whole of {@code canvas} and says what can be touched, and where. */
    void draw(Canvas canvas, Touchables touchables);

    /** Whether the status bar stands on a dark ground, and so must be light. */
    default boolean dark() {
        return false;
    }

    /** The text field that has the focus, if one has. */
    default Optional<TextField> focused() {
        return Optional.empty();
    }

    /** A finger moved over the content, {@code dx} and {@code dy} pixels to the right and down. */
    default void scroll(double dx, double dy) {}

    /** The user leaves this screen for the one before it. */
    default void left() {}
}
