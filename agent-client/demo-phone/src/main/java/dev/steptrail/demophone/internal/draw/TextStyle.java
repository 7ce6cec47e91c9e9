package dev.steptrail.demophone.internal.draw;

import java.awt.Color;

/**
 * Font settings of a text.
 *
 * @param size pixels per em
 */
public record TextStyle(double size, Weight weight, Color color) {
    public TextStyle in(Color other) {
        return new TextStyle(size, weight, other);
    }

    public double width(String text) {
        return Typeface.of(weight).width(text, size);
    }
}
