package dev.steptrail.localcloud.phone.draw;

/** The stroke weight of a text. */
public enum Weight {
    REGULAR,
    BOLD
}
