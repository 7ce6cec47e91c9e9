package dev.steptrail.phone.adb;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlackScreenDetectorTest {
    @ParameterizedTest
    @ValueSource(ints = {BufferedImage.TYPE_INT_RGB, BufferedImage.TYPE_INT_ARGB})
    void detect_findsASinglePixelOfAnotherColour(int type) throws Exception {
        BufferedImage image = new BufferedImage(216, 480, type);
        for (int y = 0; y < 480; y++) {
            for (int x = 0; x < 216; x++) {
                image.setRGB(x, y, 0xff000000);
            }
        }

        assertThat(BlackScreenDetector.detect(read(image))).isEqualTo(BlackScreenDetector.Black.ALL);

        image.setRGB(215, 479, 0xff000001);
        assertThat(BlackScreenDetector.detect(read(image))).isEqualTo(BlackScreenDetector.Black.CENTRE);

        image.setRGB(108, 240, 0xff010000);
        assertThat(BlackScreenDetector.detect(read(image))).isEqualTo(BlackScreenDetector.Black.NONE);
    }

    private static PngImage read(BufferedImage image) throws IOException {
        PngImage png = PngImage.read(PngImageTest.png(image), 0);
        assertThat(png).isNotNull();
        return png;
    }
}
