package dev.steptrail.export;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Iterator;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/** Encodes screenshots as data URIs. All methods return empty if the bytes are not a supported image. */
final class DataUris {
    /** Limits the memory that decoding needs. Larger than any phone screen. */
    private static final long MAX_PIXELS = 16_000_000;

    private static final int MAX_JPEG_HEIGHT = 900;

    private DataUris() {}

    /** Returns a WebP, PNG or JPEG image unmodified. */
    static Optional<String> asStored(byte[] stored) {
        String head = new String(stored, 0, Math.min(stored.length, 12), StandardCharsets.ISO_8859_1);
        if (head.startsWith("RIFF") && head.endsWith("WEBP")) {
            return Optional.of(dataUri("image/webp", stored));
        }
        if (head.startsWith("\u0089PNG")) {
            return Optional.of(dataUri("image/png", stored));
        }
        return head.startsWith("\u00FF\u00D8\u00FF") ? Optional.of(dataUri("image/jpeg", stored)) : Optional.empty();
    }

    /** Returns the image as JPEG, which a PDF embeds without re-encoding, scaled down to the maximum height. */
    static Optional<String> asJpeg(byte[] stored) throws IOException {
        try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(stored))) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                return Optional.empty();
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(in, true, true);
                if ((long) reader.getWidth(0) * reader.getHeight(0) > MAX_PIXELS) {
                    return Optional.empty();
                }
                return Optional.of(dataUri("image/jpeg", jpeg(reader.read(0))));
            } catch (IOException | RuntimeException e) {
                return Optional.empty();
            } finally {
                reader.dispose();
            }
        }
    }

    private static byte[] jpeg(BufferedImage image) throws IOException {
        double scale = Math.min(1, MAX_JPEG_HEIGHT / (double) image.getHeight());
        int width = Math.max(1, (int) Math.round(scale * image.getWidth()));
        int height = Math.max(1, (int) Math.round(scale * image.getHeight()));
        BufferedImage opaque = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB); // JPEG has no transparency
        Graphics2D graphics = opaque.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        graphics.drawImage(image, 0, 0, width, height, null);
        graphics.dispose();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(opaque, "jpeg", bytes);
        return bytes.toByteArray();
    }

    private static String dataUri(String type, byte[] bytes) {
        return "data:" + type + ";base64," + Base64.getEncoder().encodeToString(bytes);
    }
}
