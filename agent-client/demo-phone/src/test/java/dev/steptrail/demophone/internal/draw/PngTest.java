package dev.steptrail.demophone.internal.draw;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class PngTest {
    @Test
    void encode_keepsEveryColor() throws IOException {
        BufferedImage image = colors(64 * 64);

        assertThat(pixels(decode(Png.encode(image)))).isEqualTo(pixels(image));
    }

    @Test
    void encodeSmall_keepsTheColorsOfAnImageThatHas256() throws IOException {
        BufferedImage image = colors(256);

        assertThat(pixels(decode(Png.encodeSmall(image)))).isEqualTo(pixels(image));
    }

    @Test
    void encodeSmall_reducesMoreColorsTo256SimilarOnes() throws IOException {
        int[] before = pixels(colors(64 * 64));

        int[] after = pixels(decode(Png.encodeSmall(colors(64 * 64))));

        assertThat(Arrays.stream(after).distinct().count()).isEqualTo(256);
        for (int i = 0; i < before.length; i++) {
            assertThat(Math.abs((before[i] >> 8 & 0xFF) - (after[i] >> 8 & 0xFF)))
                    .isLessThan(16);
            assertThat(Math.abs((before[i] & 0xFF) - (after[i] & 0xFF))).isLessThan(16);
        }
    }

    /** Returns an image of 64 by 64 pixels with this number of colors, which differ in green and blue. */
    private static BufferedImage colors(int count) {
        BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 64 * 64; i++) {
            int color = i % count;
            image.setRGB(i % 64, i / 64, 0xFF000000 | color / 64 * 4 << 8 | color % 64 * 4);
        }
        return image;
    }

    private static BufferedImage decode(byte[] png) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(png));
    }

    private static int[] pixels(BufferedImage image) {
        return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    }
}
