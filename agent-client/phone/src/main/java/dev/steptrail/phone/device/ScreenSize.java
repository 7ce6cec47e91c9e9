package dev.steptrail.phone.device;

/**
 * The size of a screen in its current rotation.
 *
 * @param width in pixels
 * @param height in pixels
 * @param rotation in quarter turns from the phone's natural orientation, 0 to 3
 */
public record ScreenSize(int width, int height, int rotation) {
    /** Returns whether a point is on the screen. */
    public boolean contains(int x, int y) {
        return x >= 0 && x < width && y >= 0 && y < height;
    }
}
