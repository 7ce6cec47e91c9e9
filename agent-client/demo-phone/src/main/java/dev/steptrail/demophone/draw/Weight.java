package dev.steptrail.demophone.draw;

/** The stroke weight of a text. */
public enum Weight {
    REGULAR,
    BOLD
}
