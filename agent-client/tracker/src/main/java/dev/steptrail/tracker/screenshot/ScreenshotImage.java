package dev.steptrail.tracker.screenshot;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.steptrail.tracker.internal.outbox.BrokenImageException;
import dev.steptrail.tracker.internal.outbox.PngHeader;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A picture of a screen in the form in which it was given. It is decoded only by {@link #png} and {@link #image}, which throw
 * if it is broken. Its bytes or pixels are not copied: the caller must not change them any more.
 */
public final class ScreenshotImage {
    /** Six times a phone's screen; it bounds the memory that one picture takes. */
    private static final long MAX_PIXELS = 16_000_000;

    private static final String BASE64_MARK = ";base64,";

    /** The bytes of a PNG or a JPEG; empty if the picture was given in another form. */
    private final byte[] encoded;

    private final @Nullable String base64;
    private final @Nullable BufferedImage pixels;

    private ScreenshotImage(byte[] encoded, @Nullable String base64, @Nullable BufferedImage pixels) {
        this.encoded = encoded;
        this.base64 = base64;
        this.pixels = pixels;
    }

    /** A picture given as the bytes of a PNG or a JPEG. */
    public static ScreenshotImage of(byte[] pngOrJpeg) {
        return new ScreenshotImage(pngOrJpeg, null, null);
    }

    /** A picture given as such bytes in base64, with or without {@code data:image/png;base64,} before them. */
    public static ScreenshotImage ofBase64(String text) {
        return new ScreenshotImage(new byte[0], text, null);
    }

    /** A picture given as pixels. */
    public static ScreenshotImage of(BufferedImage image) {
        return new ScreenshotImage(new byte[0], null, image);
    }

    /** How many bytes of memory the picture holds as it was given. */
    public long bytes() {
        if (pixels == null) {
            return base64 == null ? encoded.length : base64.length();
        }
        DataBuffer buffer = pixels.getRaster().getDataBuffer();
        long values = (long) buffer.getSize() * buffer.getNumBanks();
        return values * DataBuffer.getDataTypeSize(buffer.getDataType()) / Byte.SIZE;
    }

    /**
     * The picture as PNG: as it was given if that is one, otherwise encoded now, which takes a tenth of a second.
     *
     * @throws BrokenImageException if it is not a picture, or too large to be converted
     */
    public byte[] png() throws BrokenImageException {
        if (pixels != null) {
            return encode(pixels);
        }
        byte[] bytes = encoded();
        if (isJpeg(bytes)) {
            return encode(decode(bytes));
        }
        PngHeader.read(bytes);
        return bytes;
    }

    /**
     * Its pixels, which the caller must not change.
     *
     * @throws BrokenImageException if it is not a picture, or too large to be decoded
     */
    public BufferedImage image() throws BrokenImageException {
        if (pixels != null) {
            return pixels;
        }
        byte[] bytes = encoded();
        if (!isJpeg(bytes)) {
            // ImageIO reads other formats too, but png() refuses them.
            PngHeader.read(bytes);
        }
        return decode(bytes);
    }

    private byte[] encoded() throws BrokenImageException {
        if (base64 == null) {
            return encoded;
        }
        int begin = 0;
        if (base64.startsWith("data:")) {
            int mark = base64.indexOf(BASE64_MARK);
            if (mark < 0) {
                throw new BrokenImageException("the picture's data: address is not in base64");
            }
            begin = mark + BASE64_MARK.length();
        }
        try {
            // The MIME decoder skips line breaks.
            return Base64.getMimeDecoder().decode(base64.substring(begin).getBytes(ISO_8859_1));
        } catch (IllegalArgumentException e) {
            throw new BrokenImageException("the picture is no base64");
        }
    }

    private static boolean isJpeg(byte[] bytes) {
        return bytes.length > 2 && bytes[0] == (byte) 0xFF && bytes[1] == (byte) 0xD8 && bytes[2] == (byte) 0xFF;
    }

    private static BufferedImage decode(byte[] bytes) throws BrokenImageException {
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
            ImageReader reader = ImageIO.getImageReaders(in).next();
            try {
                reader.setInput(in, true, true);
                requireSize(reader.getWidth(0), reader.getHeight(0));
                return reader.read(0);
            } finally {
                reader.dispose();
            }
        } catch (BrokenImageException e) {
            throw e;
        } catch (IOException | RuntimeException unreadable) {
            throw new BrokenImageException("the picture cannot be decoded");
        }
    }

    /** @throws BrokenImageException if the image is too large, or has pixels that PNG cannot have */
    static byte[] encode(BufferedImage image) throws BrokenImageException {
        requireSize(image.getWidth(), image.getHeight());
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(png)) {
            if (!ImageIO.write(image, "png", out)) {
                throw new BrokenImageException("the picture has colours that no PNG has");
            }
        } catch (BrokenImageException e) {
            throw e;
        } catch (IOException | RuntimeException unwritable) {
            throw new BrokenImageException("the picture cannot be made a PNG");
        }
        return png.toByteArray();
    }

    private static void requireSize(int width, int height) throws BrokenImageException {
        if ((long) width * height > MAX_PIXELS) {
            throw new BrokenImageException("the picture is too large: " + width + " by " + height
                    + " pixels; make it at most " + MAX_PIXELS + " in all, or give it as PNG and redact nothing in it");
        }
    }
}
