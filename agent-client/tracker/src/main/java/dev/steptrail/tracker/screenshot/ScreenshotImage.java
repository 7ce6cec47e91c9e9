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
 * The image of a screenshot in its original form: PNG, JPEG, base64 or pixels. Only {@link #png} and {@link #image}
 * decode it, and throw if it is invalid. Bytes and pixels are not copied; the caller must not change them afterwards.
 */
public final class ScreenshotImage {
    /** Limits the memory for decoding an image. About six times the pixels of a phone's screen. */
    private static final long MAX_PIXELS = 16_000_000;

    private static final String BASE64_MARKER = ";base64,";

    /** The bytes of a PNG or JPEG; empty if the image was given as base64 or pixels. */
    private final byte[] encoded;

    private final @Nullable String base64;
    private final @Nullable BufferedImage pixels;

    private ScreenshotImage(byte[] encoded, @Nullable String base64, @Nullable BufferedImage pixels) {
        this.encoded = encoded;
        this.base64 = base64;
        this.pixels = pixels;
    }

    public static ScreenshotImage of(byte[] pngOrJpeg) {
        return new ScreenshotImage(pngOrJpeg, null, null);
    }

    /** Returns an image given as PNG or JPEG in base64, with or without a {@code data:image/png;base64,} prefix. */
    public static ScreenshotImage ofBase64(String text) {
        return new ScreenshotImage(new byte[0], text, null);
    }

    public static ScreenshotImage of(BufferedImage image) {
        return new ScreenshotImage(new byte[0], null, image);
    }

    /** Returns whether the image was given in this encoding; false if it was given as pixels. */
    boolean isEncodedAs(String otherBase64) {
        if (base64 != null) {
            int start = base64.length() - otherBase64.length();
            return base64.endsWith(otherBase64)
                    && (start == 0 || base64.startsWith(BASE64_MARKER, start - BASE64_MARKER.length()));
        }
        return encoded.length > 0
                && otherBase64.length() == (encoded.length + 2) / 3 * 4
                && Base64.getEncoder().encodeToString(encoded).equals(otherBase64);
    }

    /** Returns the size of the image in memory, in its original form, in bytes. */
    public long bytes() {
        if (pixels == null) {
            return base64 == null ? encoded.length : base64.length();
        }
        DataBuffer buffer = pixels.getRaster().getDataBuffer();
        long values = (long) buffer.getSize() * buffer.getNumBanks();
        return values * DataBuffer.getDataTypeSize(buffer.getDataType()) / Byte.SIZE;
    }

    /**
     * Returns the image as PNG. A PNG is returned unchanged; other formats are encoded, which takes about 0.1 s.
     *
     * @throws BrokenImageException if the image is invalid or too large to be converted
     */
    public byte[] png() throws BrokenImageException {
        if (pixels != null) {
            return encode(pixels);
        }
        byte[] bytes = encodedBytes();
        if (isJpeg(bytes)) {
            return encode(decode(bytes));
        }
        PngHeader.read(bytes);
        return bytes;
    }

    /**
     * Returns the decoded image, which the caller must not change.
     *
     * @throws BrokenImageException if the image is invalid or too large to be decoded
     */
    public BufferedImage image() throws BrokenImageException {
        if (pixels != null) {
            return pixels;
        }
        byte[] bytes = encodedBytes();
        if (!isJpeg(bytes)) {
            // ImageIO can read other formats too, but png() rejects them.
            PngHeader.read(bytes);
        }
        return decode(bytes);
    }

    private byte[] encodedBytes() throws BrokenImageException {
        if (base64 == null) {
            return encoded;
        }
        int start = 0;
        if (base64.startsWith("data:")) {
            int marker = base64.indexOf(BASE64_MARKER);
            if (marker < 0) {
                throw new BrokenImageException("the data URL of the screenshot is not in base64");
            }
            start = marker + BASE64_MARKER.length();
        }
        try {
            // The MIME decoder skips line breaks.
            return Base64.getMimeDecoder().decode(base64.substring(start).getBytes(ISO_8859_1));
        } catch (IllegalArgumentException e) {
            throw new BrokenImageException("the screenshot is not valid base64");
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
            throw new BrokenImageException("the screenshot cannot be decoded");
        }
    }

    /** @throws BrokenImageException if the image is too large, or its colour model cannot be encoded as PNG */
    static byte[] encode(BufferedImage image) throws BrokenImageException {
        requireSize(image.getWidth(), image.getHeight());
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(png)) {
            if (!ImageIO.write(image, "png", out)) {
                throw new BrokenImageException("the colour model of the screenshot cannot be encoded as PNG");
            }
        } catch (BrokenImageException e) {
            throw e;
        } catch (IOException | RuntimeException unwritable) {
            throw new BrokenImageException("the screenshot cannot be converted to PNG");
        }
        return png.toByteArray();
    }

    private static void requireSize(int width, int height) throws BrokenImageException {
        if ((long) width * height > MAX_PIXELS) {
            throw new BrokenImageException("the screenshot is too large: " + width + " by " + height
                    + " pixels; reduce it to " + MAX_PIXELS + " pixels, or record it as PNG without redactions");
        }
    }
}
