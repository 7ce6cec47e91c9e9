package dev.steptrail.tracker.picture;

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

class RedactedPictureTest {
    private static final int BLACK = Color.BLACK.getRGB();

    @ParameterizedTest
    @ValueSource(ints = {BufferedImage.TYPE_INT_RGB, BufferedImage.TYPE_INT_ARGB, BufferedImage.TYPE_BYTE_INDEXED})
    void whatIsBlackedOut_isBlack_andTheRestIsAsItWas(int type) throws IOException {
        BufferedImage before = Pictures.striped(type);

        RedactedPicture redacted = RedactedPicture.of(
                Picture.of(Pictures.encoded(before, "png")),
                List.of(Redaction.blackOut(new Rectangle(10, 20, 100, 50))));

        BufferedImage after = Pictures.decoded(redacted.png());
        assertThat(redacted.regions()).containsExactly(new Region(10, 20, 100, 50));
        assertThat(Pictures.pixels(after, 10, 20, 100, 50)).containsOnly(BLACK);
        assertThat(Pictures.pixels(after, 0, 0, 300, 20)).isEqualTo(Pictures.pixels(before, 0, 0, 300, 20));
        assertThat(Pictures.pixels(after, 0, 70, 300, 130)).isEqualTo(Pictures.pixels(before, 0, 70, 300, 130));
        assertThat(Pictures.pixels(after, 110, 20, 190, 50)).isEqualTo(Pictures.pixels(before, 110, 20, 190, 50));
    }

    @Test
    void whatIsBlurred_isSquaresOfOneColour_andTheRestIsAsItWas() throws IOException {
        BufferedImage before = Pictures.striped(BufferedImage.TYPE_INT_RGB);

        RedactedPicture redacted =
                RedactedPicture.of(Picture.of(before), List.of(Redaction.blur(new Rectangle(16, 10, 96, 60))));

        BufferedImage after = Pictures.decoded(redacted.png());
        assertThat(redacted.regions()).containsExactly(new Region(16, 10, 96, 60));
        for (Rectangle square : List.of(new Rectangle(16, 10, 48, 60), new Rectangle(64, 10, 48, 60))) {
            assertThat(Pictures.pixels(after, square.x, square.y, square.width, square.height))
                    .containsOnly(new Color(127, 100, 127).getRGB());
        }
        assertThat(Pictures.pixels(after, 112, 0, 188, 200)).isEqualTo(Pictures.pixels(before, 112, 0, 188, 200));
    }

    @Test
    void regionsTooSmallForASquare_areBlack_notBlurred() throws IOException {
        BufferedImage before = Pictures.striped(BufferedImage.TYPE_INT_RGB);
        List<Redaction> pixelByPixel = IntStream.range(0, 100)
                .mapToObj(at -> Redaction.blur(new Rectangle(at % 10, at / 10, 1, 1)))
                .toList();

        BufferedImage after = Pictures.decoded(
                RedactedPicture.of(Picture.of(before), pixelByPixel).png());
        assertThat(Pictures.pixels(after, 0, 0, 10, 10)).containsOnly(BLACK);
        assertThat(Pictures.pixels(after, 10, 0, 290, 200)).isEqualTo(Pictures.pixels(before, 10, 0, 290, 200));
    }

    @Test
    void aRegionDrawnFromRightToLeft_isTheSame() throws IOException {
        RedactedPicture redacted = RedactedPicture.of(
                Picture.of(Pictures.striped(BufferedImage.TYPE_INT_RGB)),
                List.of(
                        Redaction.blackOut(new Rectangle(80, 80, -60, -50)),
                        Redaction.blackOut(new Rectangle(10, 10, Integer.MIN_VALUE, 5))));

        assertThat(redacted.regions()).containsExactly(new Region(20, 30, 60, 50), new Region(0, 10, 10, 5));
    }

    @Test
    void redacting_leavesThePictureOfTheAgentAsItIs() throws IOException {
        BufferedImage image = Pictures.striped(BufferedImage.TYPE_INT_RGB);
        int[] before = Pictures.pixels(image);

        RedactedPicture.of(Picture.of(image), List.of(Redaction.blackOut(new Rectangle(300, 200))));

        assertThat(Pictures.pixels(image)).isEqualTo(before);
    }

    @Test
    void aRegionThatGoesBeyondThePicture_countsAsFarAsItIsInIt() throws IOException {
        Picture picture = Picture.of(Pictures.striped(BufferedImage.TYPE_INT_RGB));

        RedactedPicture redacted = RedactedPicture.of(
                picture,
                List.of(
                        Redaction.blackOut(new Rectangle(-10, -10, 20, 20)),
                        Redaction.blackOut(new Rectangle(290, 190, Integer.MAX_VALUE, Integer.MAX_VALUE)),
                        Redaction.blackOut(new Rectangle(300, 0, 10, 10)),
                        Redaction.blackOut(new Rectangle(50, 50, 0, 7))));

        assertThat(redacted.regions()).containsExactly(new Region(0, 0, 10, 10), new Region(290, 190, 10, 10));
        BufferedImage after = Pictures.decoded(redacted.png());
        assertThat(Pictures.pixels(after, 0, 0, 10, 10)).containsOnly(BLACK);
        assertThat(Pictures.pixels(after, 290, 190, 10, 10)).containsOnly(BLACK);
    }

    @Test
    void aPictureInWhichNothingIsRedacted_staysAsItIs() throws IOException {
        byte[] png = Pictures.encoded(Pictures.striped(BufferedImage.TYPE_INT_RGB), "png");

        assertThat(RedactedPicture.of(Picture.of(png), List.of()).png()).isSameAs(png);
        RedactedPicture outside =
                RedactedPicture.of(Picture.of(png), List.of(Redaction.blackOut(new Rectangle(900, 900, 9, 9))));
        assertThat(outside.png()).isSameAs(png);
        assertThat(outside.regions()).isEmpty();
    }

    @Test
    void aRectangleThatIsChangedLater_changesNothing() {
        Rectangle region = new Rectangle(1, 2, 3, 4);
        Redaction redaction = Redaction.blur(region);
        region.grow(5, 5);
        redaction.region().grow(5, 5);

        assertThat(redaction.region()).isEqualTo(new Rectangle(1, 2, 3, 4));
    }

    @Test
    void aPictureThatCannotBeDecoded_isNotGivenAsItIs() throws IOException {
        byte[] cut = Arrays.copyOf(Pictures.encoded(Pictures.striped(BufferedImage.TYPE_INT_RGB), "png"), 100);

        assertThatThrownBy(() ->
                        RedactedPicture.of(Picture.of(cut), List.of(Redaction.blackOut(new Rectangle(0, 0, 10, 10)))))
                .isInstanceOf(BrokenImageException.class);
    }
}
