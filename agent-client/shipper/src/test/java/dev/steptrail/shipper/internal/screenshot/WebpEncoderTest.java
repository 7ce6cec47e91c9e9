package dev.steptrail.shipper.internal.screenshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.shipper.fixture.JavaProcess;
import dev.steptrail.shipper.fixture.Screens;
import dev.steptrail.tracker.internal.outbox.BrokenImageException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class WebpEncoderTest {
    private final WebpEncoder encoder = new WebpEncoder(WebpSettings.DEFAULT);

    @Test
    void drawnScreen_isEncodedAtSameSize_withFewerBytes() throws IOException {
        byte[] png = Screens.drawn(1);

        byte[] webp = encoder.encode(png);

        assertThat(WebpHeader.of(webp)).isEqualTo(new WebpHeader(1080, 2400));
        assertThat(webp.length).isLessThan(png.length);
        BufferedImage original = Pixels.ofPng(png);
        assertThat(Pixels.difference(Pixels.ofWebp(webp), original, Pixels.all(original)))
                .isLessThan(2);
    }

    @Test
    void qualityAndMethod_areApplied() throws IOException {
        byte[] png = Screens.drawn(1);
        int usual = encoder.encode(png).length;

        assertThat(new WebpEncoder(new WebpSettings(30, 2, 1)).encode(png).length)
                .isLessThan(usual);
        assertThat(new WebpEncoder(new WebpSettings(75, 0, 1)).encode(png).length)
                .isGreaterThan(usual);
    }

    /** Encodes a good and a broken screenshot. */
    static final class Encoding {
        public static void main(String[] arguments) throws IOException {
            WebpEncoder encoder = new WebpEncoder(WebpSettings.DEFAULT);
            encoder.encode(Screens.small(1));
            if (encoder.createThumbnail(Screens.small(1))
                    .orElseThrow()
                    .perceptualHash()
                    .isEmpty()) {
                System.exit(8);
            }
            try {
                encoder.encode(Arrays.copyOf(Screens.small(1), 60));
            } catch (BrokenImageException e) {
                System.exit(7);
            }
        }
    }

    @Test
    void encoder_isInstalledInCache_andLeavesNoTemporaryFiles(@TempDir Path folder) throws Exception {
        Path temporary = Files.createDirectory(folder.resolve("tmp"));
        Path cache = folder.resolve("cache");
        for (int run = 1; run <= 2; run++) {
            assertThat(encoding(cache, temporary)).isEqualTo(7);

            assertThat(temporary).isEmptyDirectory();
            assertThat(cache)
                    .isDirectoryRecursivelyContaining("glob:**/cwebp")
                    .isDirectoryRecursivelyContaining("glob:**/dwebp");
            assertThat(cache).isDirectoryNotContaining("glob:**.tmp");
        }
    }

    /** Content as a power failure or a full disk can leave it, or that is not an encoder. */
    @ParameterizedTest
    @ValueSource(strings = {"", "#!/bin/sh\ncat >/dev/null\necho RIFF0000WEBPVP8\n"})
    void wrongProgramInCache_isReplaced(String content, @TempDir Path folder) throws Exception {
        Path program = folder.resolve("steptrail/libwebp-1.4.0/cwebp");
        Files.createDirectories(program.getParent());
        Files.writeString(program, content);
        assertThat(program.toFile().setExecutable(true)).isTrue();

        assertThat(encoding(folder, Files.createDirectory(folder.resolve("tmp"))))
                .isEqualTo(7);
        assertThat(program).hasSameBinaryContentAs(WebpEncoder.installProgram());
    }

    @Test
    void withoutCache_programsAreInstalledForTheProcess(@TempDir Path folder) throws Exception {
        Path temporary = Files.createDirectory(folder.resolve("tmp"));

        assertThat(encoding(Files.createFile(folder.resolve("no-folder")), temporary))
                .isEqualTo(7);
        assertThat(temporary).isEmptyDirectory();
    }

    @ParameterizedTest
    @CsvSource({"40", "100", "5000"})
    void truncatedPng_isBroken(int length) {
        assertThatThrownBy(() -> encoder.encode(Arrays.copyOf(Screens.drawn(1), length)))
                .isInstanceOf(BrokenImageException.class)
                .hasMessage("the screenshot cannot be decoded");
    }

    @Test
    void pngWithWrongChecksumOrMissingEnd_isEncoded() throws IOException {
        ByteArrayOutputStream colours = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(30, 40, BufferedImage.TYPE_INT_RGB), "png", colours);
        byte[] noEnd = Arrays.copyOf(colours.toByteArray(), colours.size() - 12);
        byte[] wrongChecksum = Screens.drawn(1);
        wrongChecksum[wrongChecksum.length - 13] ^= 1; // the last byte before IEND

        assertThat(WebpHeader.of(encoder.encode(noEnd))).isEqualTo(new WebpHeader(30, 40));
        assertThat(WebpHeader.of(encoder.encode(wrongChecksum))).isEqualTo(new WebpHeader(1080, 2400));
    }

    @ParameterizedTest
    @CsvSource({"16384,1", "1,16384", "16383,16383", "2147483647,2147483647"})
    @Timeout(60)
    void tooLargeSize_isRejectedWithoutDecoding(int width, int height) {
        byte[] png = claiming(width, height);

        assertThatThrownBy(() -> encoder.encode(png))
                .isInstanceOf(BrokenImageException.class)
                .hasMessage("the screenshot is too large: " + width + " by " + height
                        + " pixels; the maximum is 16383 for each side and 64000000 in total");
        assertThatThrownBy(() -> WebpEncoder.requireComplete(png))
                .hasMessageStartingWith("the screenshot is too large: ");
    }

    @Test
    void completeScreenshot_isDistinguishedFromTruncatedOne() throws Exception {
        byte[] png = Screens.drawn(1);

        WebpEncoder.requireComplete(png);
        assertThatThrownBy(() -> WebpEncoder.requireComplete(Arrays.copyOf(png, png.length / 2)))
                .isInstanceOf(BrokenImageException.class)
                .hasMessage("the screenshot is damaged or truncated");
        assertThatThrownBy(() -> WebpEncoder.requireComplete(new byte[0])).hasMessage("the screenshot is not a PNG");
    }

    private static int encoding(Path cache, Path temporary) throws Exception {
        ProcessBuilder builder = JavaProcess.of(
                        List.of("-Djava.io.tmpdir=" + temporary, "-XX:-UsePerfData"), Encoding.class)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("XDG_CACHE_HOME", cache.toString());
        return builder.start().waitFor();
    }

    /** A drawn screen whose header contains a different size. */
    private static byte[] claiming(int width, int height) {
        byte[] png = Screens.drawn(1);
        ByteBuffer header = ByteBuffer.wrap(png);
        header.putInt(16, width).putInt(20, height);
        CRC32 crc = new CRC32();
        crc.update(png, 12, 17);
        header.putInt(29, (int) crc.getValue());
        return png;
    }
}
