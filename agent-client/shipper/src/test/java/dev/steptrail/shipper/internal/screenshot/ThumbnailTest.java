package dev.steptrail.shipper.internal.screenshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.shipper.fixture.Screens;
import dev.steptrail.tracker.internal.outbox.BrokenImageException;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("slow")
class ThumbnailTest {
    private final WebpEncoder encoder = new WebpEncoder(WebpSettings.DEFAULT);

    @ParameterizedTest
    @CsvSource({
        "1080,2400,270,600",
        "2400,1080,270,122",
        "270,600,270,600",
        "100,50,100,50",
        "600,12000,60,1200",
        "16000,2,270,1"
    })
    void thumbnail_isAtMost270Wide_andNeverEnlarged(int width, int height, int small, int low) throws IOException {
        byte[] png = Pixels.png(new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB));

        assertThat(WebpHeader.of(encoder.createThumbnail(png).orElseThrow().webp()))
                .isEqualTo(new WebpHeader(small, low));
    }

    @Test
    void thumbnail_resemblesScreenshot() throws IOException {
        BufferedImage screen = Pixels.ofPng(Screens.drawn(1));
        BufferedImage scaled = new BufferedImage(270, 600, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = scaled.createGraphics();
        graphics.drawImage(screen.getScaledInstance(270, 600, BufferedImage.SCALE_AREA_AVERAGING), 0, 0, null);
        graphics.dispose();

        BufferedImage thumbnail = Pixels.ofWebp(
                encoder.createThumbnail(Screens.drawn(1)).orElseThrow().webp());

        assertThat(Pixels.difference(thumbnail, scaled, Pixels.all(scaled))).isLessThan(5);
    }

    @Test
    void hashOfAPicture_isThatOfItsStoredScreenshot() throws IOException {
        byte[] png = Screens.drawn(1);
        String stored = hash(png);

        assertThat(WebpEncoder.computePerceptualHash(png)).isEqualTo(stored);
        String ofWebp = WebpEncoder.computePerceptualHash(encoder.encode(png));
        assertThat(Long.bitCount(Long.parseUnsignedLong(ofWebp, 16) ^ Long.parseUnsignedLong(stored, 16)))
                .isLessThanOrEqualTo(2);
    }

    @Test
    void hashOfADamagedPicture_isRefused() throws IOException {
        byte[] webp = encoder.encode(Screens.drawn(1));
        Arrays.fill(webp, 20, webp.length, (byte) 0);

        assertThatThrownBy(() -> WebpEncoder.computePerceptualHash(webp)).isInstanceOf(BrokenImageException.class);
        assertThatThrownBy(() -> WebpEncoder.computePerceptualHash(new byte[0]))
                .isInstanceOf(BrokenImageException.class);
        assertThatThrownBy(() -> WebpEncoder.computePerceptualHash(Arrays.copyOf(Screens.drawn(1), 1_000)))
                .isInstanceOf(BrokenImageException.class);
    }

    @Test
    void similarScreenshots_haveSimilarHashes_andOthersDiffer() throws IOException {
        BufferedImage otherClock = Pixels.ofPng(Screens.drawn(1));
        Graphics2D graphics = otherClock.createGraphics();
        graphics.setColor(Color.GRAY);
        graphics.fillRect(40, 20, 160, 48);
        graphics.dispose();

        String hash = hash(Screens.drawn(1));

        assertThat(hash).matches("[0-9a-f]{16}");
        assertThat(hash(Screens.drawn(1))).isEqualTo(hash);
        assertThat(distance(hash(Pixels.png(otherClock)), hash)).isLessThanOrEqualTo(3);
        assertThat(distance(hash(Pixels.png(Pixels.ofWebp(encoder.encode(Screens.drawn(1))))), hash))
                .isLessThanOrEqualTo(3);
        assertThat(distance(hash(Screens.drawn(2)), hash)).isGreaterThan(10);
    }

    @Test
    void incompleteScreenshot_hasAThumbnailOnlyIfItCanBeRewritten() throws IOException {
        byte[] png = Pixels.png(new BufferedImage(300, 40, BufferedImage.TYPE_INT_RGB));
        byte[] noEnd = Arrays.copyOf(png, png.length - 12);

        assertThat(WebpHeader.of(encoder.createThumbnail(noEnd).orElseThrow().webp()))
                .isEqualTo(new WebpHeader(270, 36));
        assertThat(encoder.createThumbnail(new byte[100])).isEmpty();
        assertThat(encoder.createThumbnail(Arrays.copyOf(Screens.drawn(1), 5_000)))
                .isEmpty();
    }

    private String hash(byte[] png) {
        return encoder.createThumbnail(png).orElseThrow().perceptualHash().orElseThrow();
    }

    private static int distance(String one, String other) {
        return Long.bitCount(Long.parseUnsignedLong(one, 16) ^ Long.parseUnsignedLong(other, 16));
    }
}
