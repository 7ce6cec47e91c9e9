package dev.steptrail.phone.device;

/**
 * A captured screen. The caller must not change the bytes.
 *
 * @param png a PNG file
 * @param width in pixels, in the rotation of the capture
 * @param height in pixels, in the rotation of the capture
 * @param sensitive whether the phone protected the screen against capture; the image is then black
 */
@SuppressWarnings("ArrayRecordComponent") // not compared, and not copied: a screenshot has megabytes
public record Screenshot(byte[] png, int width, int height, boolean sensitive) {}
