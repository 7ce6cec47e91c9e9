package dev.steptrail.stepformat;

/** A rectangle of a screenshot, in pixels from its upper left corner. */
public record Region(int x, int y, int width, int height) {}
