package dev.steptrail.localcloud.phone.draw;

/** How heavy the strokes of a text are. */
public enum Weight {
    REGULAR,
    BOLD
}
