package dev.steptrail.tracker.picture;

import dev.steptrail.tracker.outbox.BrokenImageException;
import java.awt.image.BufferedImage;

/**
 * A picture of a screen, as whoever took it has it. Nothing is decoded before {@link #png} or {@link #image} is asked for, and
 * what these throw is all that a bad picture costs. Its bytes or pixels are not copied: whoever made it leaves them alone
 * from then on.
 */
public sealed interface Picture permits EncodedPicture, Base64Picture, DrawnPicture {
    /** One of the bytes of a PNG or a JPEG. */
    static Picture of(byte[] pngOrJpeg) {
        return new EncodedPicture(pngOrJpeg);
    }

    /** One of such bytes as base64 text, with or without {@code data:image/png;base64,} before it. */
    static Picture ofBase64(String text) {
        return new Base64Picture(text);
    }

    /** One that is decoded already. */
    static Picture of(BufferedImage image) {
        return new DrawnPicture(image);
    }

    /** How many bytes of memory it holds while it waits. */
    long bytes();

    /**
     * The picture as PNG: as it was given where that is one, else made now, which takes a tenth of a second.
     *
     * @throws BrokenImageException if it is none, or too large to be made one
     */
    byte[] png() throws BrokenImageException;

    /**
     * Its pixels, not to be painted on.
     *
     * @throws BrokenImageException if it is none, or too large to be decoded
     */
    BufferedImage image() throws BrokenImageException;
}
