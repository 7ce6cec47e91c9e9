package dev.steptrail.export;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/** As JPEG, which a PDF holds as it is, no higher than it is printed. */
final class JpegForm implements PictureForm {
    /** Of a picture that somebody means for a screen; a larger one takes more memory than there is. */
    private static final long MAX_PIXELS = 16_000_000;

    private static final int MAX_HEIGHT = 900;

    @Override
    public Optional<String> of(byte[] stored) throws IOException {
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
                return Optional.of(PictureForm.dataUri("image/jpeg", jpeg(reader.read(0))));
            } catch (IOException | RuntimeException broken) {
                return Optional.empty();
            } finally {
                reader.dispose();
            }
        }
    }

    private static byte[] jpeg(BufferedImage image) throws IOException {
        double scale = Math.min(1, MAX_HEIGHT / (double) image.getHeight());
        int width = Math.max(1, (int) Math.round(scale * image.getWidth()));
        int height = Math.max(1, (int) Math.round(scale * image.getHeight()));
        BufferedImage plain = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB); // JPEG has no transparency
        Graphics2D graphics = plain.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        graphics.drawImage(image, 0, 0, width, height, null);
        graphics.dispose();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(plain, "jpeg", bytes);
        return bytes.toByteArray();
    }
}
