package dev.steptrail.phone.adb;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javax.imageio.ImageIO;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PngImageTest {
    private static final String WARNING =
            "[Warning] Multiple displays were found, but no display id was specified! Defaulting to the first display"
                    + " found, however this default is not guaranteed to be consistent across captures.\n";

    @Property(tries = 100)
    void read_textAround_returnsThePngOnly(
            @ForAll @IntRange(min = 1, max = 300) int width,
            @ForAll @IntRange(min = 1, max = 300) int height,
            @ForAll String before)
            throws Exception {
        byte[] png = png(new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB));
        byte[] output = concat(before.getBytes(StandardCharsets.UTF_8), png, "\n".getBytes(StandardCharsets.UTF_8));

        PngImage image = PngImage.read(output, PngImage.find(output));

        assertThat(image).isNotNull();
        assertThat(image.bytes()).isEqualTo(png);
        assertThat(image.width()).isEqualTo(width);
        assertThat(image.height()).isEqualTo(height);
    }

    @Test
    void read_truncatedAnywhere_returnsNull() throws Exception {
        byte[] png = png(new BufferedImage(20, 30, BufferedImage.TYPE_INT_RGB));

        for (int length = 8; length < png.length; length++) {
            assertThat(PngImage.read(Arrays.copyOf(png, length), 0)).isNull();
        }
    }

    @Test
    void read_moreThanFortyMillionPixels_returnsNull() throws Exception {
        byte[] png = png(new BufferedImage(20, 30, BufferedImage.TYPE_INT_RGB));
        ByteBuffer size = ByteBuffer.wrap(png, 16, 8).slice();

        size.putInt(0, 8000).putInt(4, 5000);
        assertThat(PngImage.read(png, 0)).isNotNull();
        size.putInt(0, 8001);
        assertThat(PngImage.read(png, 0)).isNull();
        size.putInt(0, Integer.MAX_VALUE).putInt(4, Integer.MAX_VALUE);
        assertThat(PngImage.read(png, 0)).isNull();
    }

    @Test
    void find_noPng_returnsMinusOne() {
        assertThat(PngImage.find(WARNING.getBytes(StandardCharsets.UTF_8))).isEqualTo(-1);
        assertThat(PngImage.find(new byte[0])).isEqualTo(-1);
    }

    @Test
    void blackImage_isAValidImage() throws Exception {
        BufferedImage image = ImageIO.read(
                new ByteArrayInputStream(PngImage.blackImage(1080, 2401).bytes()));

        assertThat(image.getWidth()).isEqualTo(1080);
        assertThat(image.getHeight()).isEqualTo(2401);
        assertThat(image.getRGB(1079, 2400)).isEqualTo(0xff000000);
    }

    static byte[] png(BufferedImage image) {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return output.toByteArray();
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            output.writeBytes(part);
        }
        return output.toByteArray();
    }
}
