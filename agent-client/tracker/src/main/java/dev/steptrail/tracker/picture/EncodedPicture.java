package dev.steptrail.tracker.picture;

import dev.steptrail.tracker.outbox.BrokenImageException;
import dev.steptrail.tracker.outbox.PngHeader;
import java.awt.image.BufferedImage;

/** The bytes of a PNG or a JPEG. */
@SuppressWarnings("ArrayRecordComponent") // a megabyte is handed on, not copied and not compared
record EncodedPicture(byte[] encoded) implements Picture {
    @Override
    public long bytes() {
        return encoded.length;
    }

    @Override
    public byte[] png() throws BrokenImageException {
        if (isJpeg()) {
            return ImageBytes.png(image());
        }
        PngHeader.read(encoded);
        return encoded;
    }

    @Override
    public BufferedImage image() throws BrokenImageException {
        if (!isJpeg()) {
            // What ImageIO reads besides would be a picture here, and none where it is to be written as it is.
            PngHeader.read(encoded);
        }
        return ImageBytes.decoded(encoded);
    }

    private boolean isJpeg() {
        return encoded.length > 2
                && encoded[0] == (byte) 0xFF
                && encoded[1] == (byte) 0xD8
                && encoded[2] == (byte) 0xFF;
    }
}
