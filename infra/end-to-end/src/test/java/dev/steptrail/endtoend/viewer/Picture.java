package dev.steptrail.endtoend.viewer;

import dev.steptrail.shipper.internal.screenshot.WebpEncoder;
import dev.steptrail.shipper.internal.screenshot.WebpSettings;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import javax.imageio.ImageIO;

/** A screenshot in the format in which the shipper stores it. */
record Picture(byte[] webp, byte[] thumbnail, int width, int height, String role, boolean isSensitive) {
    private static final WebpEncoder ENCODER = new WebpEncoder(new WebpSettings(75, 0, 1));

    /** A screen for tests in which its content does not matter. */
    static final Picture SCREEN = of(Color.GRAY, new Rectangle(40, 80, 80, 40));

    /** Creates a plain screen with a box. */
    static Picture of(Color ground, Rectangle box) {
        BufferedImage image = new BufferedImage(270, 600, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(ground);
        graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
        graphics.setColor(Color.WHITE);
        graphics.fill(box);
        graphics.dispose();
        return of(image);
    }

    static Picture of(BufferedImage image) {
        try {
            ByteArrayOutputStream png = new ByteArrayOutputStream();
            ImageIO.write(image, "png", png);
            byte[] webp = ENCODER.encode(png.toByteArray());
            byte[] small =
                    ENCODER.createThumbnail(png.toByteArray()).orElseThrow().webp();
            return new Picture(webp, small, image.getWidth(), image.getHeight(), "before", false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Picture as(String role) {
        return new Picture(webp, thumbnail, width, height, role, isSensitive);
    }

    Picture sensitive() {
        return new Picture(webp, thumbnail, width, height, role, true);
    }

    static String hash(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
