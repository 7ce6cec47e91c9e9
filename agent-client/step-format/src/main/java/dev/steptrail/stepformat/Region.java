package dev.steptrail.stepformat;

/** A rectangle of a screenshot, in pixels from the upper left corner. */
public record Region(int x, int y, int width, int height) {
    public Region {
        Fields.requireRange("x", x, 0);
        Fields.requireRange("y", y, 0);
        Fields.requireRange("width", width, 1);
        Fields.requireRange("height", height, 1);
    }
}
