package dev.steptrail.localcloud.demo.draw;

/** How heavy the strokes of a text are. */
public enum Weight {
    REGULAR,
    BOLD
}
