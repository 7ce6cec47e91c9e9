package dev.steptrail.tracker.screenshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.tracker.internal.outbox.BrokenImageException;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScreenshotImageTest {
    private static final BufferedImage STRIPED = TestImages.striped(BufferedImage.TYPE_INT_RGB);

    @Test
    void aPng_isUnchanged() throws IOException {
        byte[] png = TestImages.encoded(STRIPED, "png");

        assertThat(ScreenshotImage.of(png).png()).isSameAs(png);
        assertThat(ScreenshotImage.of(png).bytes()).isEqualTo(png.length);
    }

    @Test
    void aJpeg_isConvertedToPng() throws IOException {
        byte[] jpeg = TestImages.encoded(STRIPED, "jpg");

        BufferedImage png = TestImages.decoded(ScreenshotImage.of(jpeg).png());

        assertThat(TestImages.pixels(png)).isEqualTo(TestImages.pixels(TestImages.decoded(jpeg)));
        assertThat(ScreenshotImage.of(jpeg).bytes()).isEqualTo(jpeg.length);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "data:image/png;base64,", "data:;base64,"})
    void base64_isDecoded(String prefix) throws IOException {
        byte[] png = TestImages.encoded(STRIPED, "png");
        String text = prefix + Base64.getEncoder().encodeToString(png);

        assertThat(ScreenshotImage.ofBase64(text).png()).isEqualTo(png);
        assertThat(ScreenshotImage.ofBase64(text).bytes()).isEqualTo(text.length());
        assertThat(ScreenshotImage.ofBase64(prefix + Base64.getMimeEncoder().encodeToString(png))
                        .png())
                .isEqualTo(png);
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                BufferedImage.TYPE_INT_RGB,
                BufferedImage.TYPE_INT_ARGB,
                BufferedImage.TYPE_3BYTE_BGR,
                BufferedImage.TYPE_USHORT_565_RGB,
                BufferedImage.TYPE_BYTE_GRAY,
                BufferedImage.TYPE_BYTE_INDEXED
            })
    void pixels_areConvertedToPng(int type) throws IOException {
        BufferedImage image = TestImages.striped(type);

        assertThat(TestImages.pixels(
                        TestImages.decoded(ScreenshotImage.of(image).png())))
                .isEqualTo(TestImages.pixels(image));
    }

    @Test
    void pixels_countWithTheirMemorySize() {
        assertThat(ScreenshotImage.of(new BufferedImage(100, 10, BufferedImage.TYPE_INT_RGB))
                        .bytes())
                .isEqualTo(4_000);
        assertThat(ScreenshotImage.of(new BufferedImage(100, 10, BufferedImage.TYPE_3BYTE_BGR))
                        .bytes())
                .isEqualTo(3_000);
        assertThat(ScreenshotImage.of(new BufferedImage(100, 10, BufferedImage.TYPE_USHORT_565_RGB))
                        .bytes())
                .isEqualTo(2_000);
    }

    @Test
    void anInvalidImage_isRejectedWhenItIsRead() throws IOException {
        byte[] jpeg = TestImages.encoded(STRIPED, "jpg");

        assertBroken(ScreenshotImage.of(new byte[0]), "the screenshot is not a PNG");
        assertBroken(ScreenshotImage.of(Arrays.copyOf(jpeg, 40)), "the screenshot cannot be decoded");
        assertBroken(
                ScreenshotImage.ofBase64("data:image/png,%89PNG"), "the data URL of the screenshot is not in base64");
        assertBroken(ScreenshotImage.ofBase64("a"), "the screenshot is not valid base64");
        assertBroken(ScreenshotImage.ofBase64(""), "the screenshot is not a PNG");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gif", "bmp", "tiff"})
    void otherFormats_areRejected_alsoForDecoding(String format) throws IOException {
        ScreenshotImage image = ScreenshotImage.of(TestImages.encoded(STRIPED, format));

        assertBroken(image, "the screenshot is not a PNG");
        assertThatThrownBy(image::image)
                .isInstanceOf(BrokenImageException.class)
                .hasMessage("the screenshot is not a PNG");
    }

    @Test
    void anImageTooLargeForConversion_isRejected() throws IOException {
        BufferedImage large = new BufferedImage(4_001, 4_000, BufferedImage.TYPE_BYTE_BINARY);
        large.setRGB(1, 1, Color.WHITE.getRGB());

        assertBroken(
                ScreenshotImage.of(large),
                "the screenshot is too large: 4001 by 4000 pixels; reduce it to 16000000 pixels, or record it as PNG"
                        + " without redactions");
        byte[] png = TestImages.encoded(large, "png");
        assertThat(ScreenshotImage.of(png).png()).isSameAs(png);
        assertThatThrownBy(() -> ScreenshotImage.of(png).image()).hasMessageContaining("too large");
    }

    private static void assertBroken(ScreenshotImage image, String message) {
        assertThatThrownBy(image::png).isInstanceOf(BrokenImageException.class).hasMessage(message);
    }
}
