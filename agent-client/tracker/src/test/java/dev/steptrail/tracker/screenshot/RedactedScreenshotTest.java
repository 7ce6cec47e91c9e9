package dev.steptrail.tracker.screenshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.stepformat.Region;
import dev.steptrail.tracker.internal.outbox.BrokenImageException;
import java.awt.Color;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedactedScreenshotTest {
    private static final int BLACK = Color.BLACK.getRGB();

    @ParameterizedTest
    @ValueSource(ints = {BufferedImage.TYPE_INT_RGB, BufferedImage.TYPE_INT_ARGB, BufferedImage.TYPE_BYTE_INDEXED})
    void blackOut_blackensTheRegion_andPreservesTheRest(int type) throws IOException {
        BufferedImage before = TestImages.striped(type);

        RedactedScreenshot redacted = RedactedScreenshot.of(
                ScreenshotImage.of(TestImages.encoded(before, "png")),
                List.of(Redaction.blackOut(new Rectangle(10, 20, 100, 50))));

        BufferedImage after = TestImages.decoded(redacted.png());
        assertThat(redacted.regions()).containsExactly(new Region(10, 20, 100, 50));
        assertThat(TestImages.pixels(after, 10, 20, 100, 50)).containsOnly(BLACK);
        assertThat(TestImages.pixels(after, 0, 0, 300, 20)).isEqualTo(TestImages.pixels(before, 0, 0, 300, 20));
        assertThat(TestImages.pixels(after, 0, 70, 300, 130)).isEqualTo(TestImages.pixels(before, 0, 70, 300, 130));
        assertThat(TestImages.pixels(after, 110, 20, 190, 50)).isEqualTo(TestImages.pixels(before, 110, 20, 190, 50));
    }

    @Test
    void blur_fillsSquaresWithOneColour_andPreservesTheRest() throws IOException {
        BufferedImage before = TestImages.striped(BufferedImage.TYPE_INT_RGB);

        RedactedScreenshot redacted = RedactedScreenshot.of(
                ScreenshotImage.of(before), List.of(Redaction.blur(new Rectangle(16, 10, 96, 60))));

        BufferedImage after = TestImages.decoded(redacted.png());
        assertThat(redacted.regions()).containsExactly(new Region(16, 10, 96, 60));
        for (Rectangle square : List.of(new Rectangle(16, 10, 48, 60), new Rectangle(64, 10, 48, 60))) {
            assertThat(TestImages.pixels(after, square.x, square.y, square.width, square.height))
                    .containsOnly(new Color(127, 100, 127).getRGB());
        }
        assertThat(TestImages.pixels(after, 112, 0, 188, 200)).isEqualTo(TestImages.pixels(before, 112, 0, 188, 200));
    }

    @Test
    void regionsSmallerThanASquare_areBlackedOut() throws IOException {
        BufferedImage before = TestImages.striped(BufferedImage.TYPE_INT_RGB);
        List<Redaction> pixelByPixel = IntStream.range(0, 100)
                .mapToObj(at -> Redaction.blur(new Rectangle(at % 10, at / 10, 1, 1)))
                .toList();

        BufferedImage after = TestImages.decoded(
                RedactedScreenshot.of(ScreenshotImage.of(before), pixelByPixel).png());
        assertThat(TestImages.pixels(after, 0, 0, 10, 10)).containsOnly(BLACK);
        assertThat(TestImages.pixels(after, 10, 0, 290, 200)).isEqualTo(TestImages.pixels(before, 10, 0, 290, 200));
    }

    @Test
    void redaction_doesNotChangeTheAgentsImage() throws IOException {
        BufferedImage image = TestImages.striped(BufferedImage.TYPE_INT_RGB);
        int[] before = TestImages.pixels(image);

        RedactedScreenshot.of(ScreenshotImage.of(image), List.of(Redaction.blackOut(new Rectangle(300, 200))));

        assertThat(TestImages.pixels(image)).isEqualTo(before);
    }

    @Test
    void regions_areClippedAndNormalized() throws IOException {
        ScreenshotImage image = ScreenshotImage.of(TestImages.striped(BufferedImage.TYPE_INT_RGB));

        RedactedScreenshot redacted = RedactedScreenshot.of(
                image,
                List.of(
                        Redaction.blackOut(new Rectangle(-10, -10, 20, 20)),
                        Redaction.blackOut(new Rectangle(290, 190, Integer.MAX_VALUE, Integer.MAX_VALUE)),
                        Redaction.blackOut(new Rectangle(300, 0, 10, 10)),
                        Redaction.blackOut(new Rectangle(80, 80, -60, -50)),
                        Redaction.blackOut(new Rectangle(10, 10, Integer.MIN_VALUE, 5)),
                        Redaction.blackOut(new Rectangle(50, 50, 0, 7))));

        assertThat(redacted.regions())
                .containsExactly(
                        new Region(0, 0, 10, 10),
                        new Region(290, 190, 10, 10),
                        new Region(20, 30, 60, 50),
                        new Region(0, 10, 10, 5));
        BufferedImage after = TestImages.decoded(redacted.png());
        assertThat(TestImages.pixels(after, 0, 0, 10, 10)).containsOnly(BLACK);
        assertThat(TestImages.pixels(after, 290, 190, 10, 10)).containsOnly(BLACK);
    }

    @Test
    void aScreenshotWithoutRedactions_isUnchanged() throws IOException {
        byte[] png = TestImages.encoded(TestImages.striped(BufferedImage.TYPE_INT_RGB), "png");

        assertThat(RedactedScreenshot.of(ScreenshotImage.of(png), List.of()).png())
                .isSameAs(png);
        RedactedScreenshot outside = RedactedScreenshot.of(
                ScreenshotImage.of(png), List.of(Redaction.blackOut(new Rectangle(900, 900, 9, 9))));
        assertThat(outside.png()).isSameAs(png);
        assertThat(outside.regions()).isEmpty();
    }

    @Test
    void aRectangleChangedLater_doesNotChangeTheRedaction() {
        Rectangle region = new Rectangle(1, 2, 3, 4);
        Redaction redaction = Redaction.blur(region);
        region.grow(5, 5);
        redaction.region().grow(5, 5);

        assertThat(redaction.region()).isEqualTo(new Rectangle(1, 2, 3, 4));
    }

    @Test
    void aScreenshotThatCannotBeDecoded_isNotReturned() throws IOException {
        byte[] cut = Arrays.copyOf(TestImages.encoded(TestImages.striped(BufferedImage.TYPE_INT_RGB), "png"), 100);

        assertThatThrownBy(() -> RedactedScreenshot.of(
                        ScreenshotImage.of(cut), List.of(Redaction.blackOut(new Rectangle(0, 0, 10, 10)))))
                .isInstanceOf(BrokenImageException.class);
    }
}
