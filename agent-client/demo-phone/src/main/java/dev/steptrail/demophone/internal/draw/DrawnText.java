package dev.steptrail.demophone.internal.draw;

import java.awt.geom.Rectangle2D;

/** A text on a screen, with the part of its line that is visible. */
public record DrawnText(String text, Rectangle2D bounds) {}
