package dev.steptrail.tracker.screenshot;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.ImageIO;

/** Images for tests. */
public final class TestImages {
    private TestImages() {}

    /** Draws stripes of four pixels in two colours, as fine as text, so that a blur is visible. */
    public static BufferedImage striped(int type) {
        BufferedImage image = new BufferedImage(300, 200, type);
        Graphics2D graphics = image.createGraphics();
        for (int x = 0; x < 300; x += 4) {
            graphics.setColor(x % 8 == 0 ? Color.ORANGE : Color.BLUE);
            graphics.fillRect(x, 0, 4, 200);
        }
        graphics.dispose();
        return image;
    }

    public static byte[] encoded(BufferedImage image, String format) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        if (!ImageIO.write(image, format, bytes)) {
            throw new IOException("no " + format + " of this image");
        }
        return bytes.toByteArray();
    }

    public static BufferedImage decoded(byte[] bytes) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(bytes));
    }

    public static int[] pixels(BufferedImage image) {
        return pixels(image, 0, 0, image.getWidth(), image.getHeight());
    }

    public static int[] pixels(BufferedImage image, int x, int y, int width, int height) {
        return image.getRGB(x, y, width, height, null, 0, width);
    }
}
