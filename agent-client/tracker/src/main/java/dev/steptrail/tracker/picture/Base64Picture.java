package dev.steptrail.tracker.picture;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.steptrail.tracker.outbox.BrokenImageException;
import java.awt.image.BufferedImage;
import java.util.Base64;

/** The bytes of a PNG or a JPEG as base64, which may be broken into lines. */
record Base64Picture(String text) implements Picture {
    private static final String MARK = ";base64,";

    @Override
    public long bytes() {
        return text.length();
    }

    @Override
    public byte[] png() throws BrokenImageException {
        return decoded().png();
    }

    @Override
    public BufferedImage image() throws BrokenImageException {
        return decoded().image();
    }

    private EncodedPicture decoded() throws BrokenImageException {
        int begin = 0;
        if (text.startsWith("data:")) {
            int mark = text.indexOf(MARK);
            if (mark < 0) {
                throw new BrokenImageException("the picture's data: address is not in base64");
            }
            begin = mark + MARK.length();
        }
        try {
            return new EncodedPicture(
                    Base64.getMimeDecoder().decode(text.substring(begin).getBytes(ISO_8859_1)));
        } catch (IllegalArgumentException e) {
            throw new BrokenImageException("the picture is no base64");
        }
    }
}
