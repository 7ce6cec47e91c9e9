package dev.steptrail.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.sksamuel.scrimage.ImmutableImage;
import com.sksamuel.scrimage.webp.WebpWriter;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataUrisTest {
    private static final int BLOCK = 60;

    @Test
    void asStored_returnsTheImageUnmodified() throws IOException {
        byte[] webp = webp(108, 240);

        assertThat(DataUris.asStored(webp))
                .contains("data:image/webp;base64," + Base64.getEncoder().encodeToString(webp));
        assertThat(DataUris.asStored(encoded("png")).orElseThrow()).startsWith("data:image/png;base64,");
        assertThat(DataUris.asStored(encoded("jpeg")).orElseThrow()).startsWith("data:image/jpeg;base64,");
    }

    @Test
    void asJpeg_returnsAJpegOfAtMostThePrintedHeight() throws IOException {
        BufferedImage picture = jpeg(webp(1080, 2400));

        assertThat(picture.getHeight()).isEqualTo(900);
        assertThat(picture.getWidth()).isEqualTo(405);
        assertThat(jpeg(encoded("png")).getHeight()).isEqualTo(24);
    }

    @Test
    void asJpeg_keepsTheColoursOfALossyWebp() throws IOException {
        BufferedImage original = colourBlocks(540, 900);

        BufferedImage jpeg = jpeg(ImmutableImage.fromAwt(original).bytes(WebpWriter.DEFAULT.withQ(75)));

        for (int y = BLOCK / 2; y < original.getHeight(); y += BLOCK) {
            for (int x = BLOCK / 2; x < original.getWidth(); x += BLOCK) {
                assertThat(distance(original.getRGB(x, y), jpeg.getRGB(x, y)))
                        .as("colour at %d,%d", x, y)
                        .isLessThanOrEqualTo(12);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "RIFF", "<svg/>", "RIFF....WEBPVP8 nothing of it", "\u0089PNG\r\n\u001a\n but no more"})
    void asJpeg_otherBytes_isEmpty(String bytes) throws IOException {
        assertThat(DataUris.asJpeg(bytes.getBytes(StandardCharsets.ISO_8859_1))).isEmpty();
    }

    @Test
    void asJpeg_truncatedOrTooLargeImage_isEmpty() throws IOException {
        byte[] webp = webp(108, 240);

        assertThat(DataUris.asJpeg(Arrays.copyOf(webp, 40))).isEmpty();
        assertThat(DataUris.asJpeg(encoded(5000, 4000, "png"))).isEmpty();
    }

    /** Blocks of different colours, so that errors of a decoder's prediction would add up. */
    private static BufferedImage colourBlocks(int width, int height) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                float hue = (x / BLOCK * 7 + y / BLOCK * 11) % 24 / 24f;
                image.setRGB(x, y, Color.HSBtoRGB(hue, 0.4f + (y / BLOCK) % 3 * 0.25f, 0.5f + (x / BLOCK) % 2 * 0.4f));
            }
        }
        return image;
    }

    /** The largest difference of one channel, 0 to 255. */
    private static int distance(int a, int b) {
        int red = Math.abs((a >> 16 & 0xFF) - (b >> 16 & 0xFF));
        int green = Math.abs((a >> 8 & 0xFF) - (b >> 8 & 0xFF));
        int blue = Math.abs((a & 0xFF) - (b & 0xFF));
        return Math.max(red, Math.max(green, blue));
    }

    private static BufferedImage jpeg(byte[] stored) throws IOException {
        String uri = DataUris.asJpeg(stored).orElseThrow();
        String start = "data:image/jpeg;base64,";
        assertThat(uri).startsWith(start);
        return ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(uri.substring(start.length()))));
    }

    private static byte[] webp(int width, int height) throws IOException {
        return ImmutableImage.fromAwt(new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB))
                .bytes(WebpWriter.DEFAULT);
    }

    private static byte[] encoded(String format) throws IOException {
        return encoded(24, 24, format);
    }

    private static byte[] encoded(int width, int height, String format) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY), format, bytes);
        return bytes.toByteArray();
    }
}
