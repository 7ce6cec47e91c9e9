package dev.steptrail.phone.adb;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import javax.management.ObjectName;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlackScreenDetectorTest {
    private static final List<byte[]> VALID = Stream.of(
                    BufferedImage.TYPE_INT_RGB, BufferedImage.TYPE_BYTE_GRAY, BufferedImage.TYPE_INT_ARGB)
            .map(type -> PngImageTest.png(new BufferedImage(216, 480, type)))
            .toList();

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

    @Property(tries = 2000)
    void detect_invalidImage_doesNotFail(
            @ForAll @IntRange(max = 400) int position, @ForAll byte value, @ForAll @IntRange(max = 2) int type) {
        byte[] file = VALID.get(type).clone();
        file[Math.min(position, file.length - 1)] = value;
        correctChecksums(file);

        PngImage image = PngImage.read(file, 0);

        if (image != null) {
            assertThat(BlackScreenDetector.detect(image)).isNotNull();
        }
    }

    /** The native memory of a decompressor that is not closed is freed only some time after a garbage collection. */
    @Test
    void detect_manyImages_releasesTheirDecompressors() throws Exception {
        PngImage image = read(new BufferedImage(216, 480, BufferedImage.TYPE_INT_RGB));
        openDecompressors(); // collects those of other tests

        for (int i = 0; i < 200; i++) {
            BlackScreenDetector.detect(image);
        }

        assertThat(openDecompressors()).isLessThan(100);
    }

    /** Returns how many decompressors are open, at least. Collects garbage. */
    private static long openDecompressors() throws Exception {
        Object histogram = ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "gcClassHistogram",
                        new Object[] {new String[0]},
                        new String[] {String[].class.getName()});
        return histogram
                .toString()
                .lines()
                .filter(line -> line.contains("java.util.zip.Inflater$InflaterZStreamRef"))
                .mapToLong(line -> Long.parseLong(line.strip().split("\\s+")[1]))
                .sum();
    }

    /** Corrects the checksums, so that an image is not rejected because of them alone. */
    private static void correctChecksums(byte[] file) {
        ByteBuffer chunks = ByteBuffer.wrap(file);
        int position = 8;
        while (file.length - position >= 12) {
            int length = chunks.getInt(position);
            if (length < 0 || length > file.length - position - 12) {
                return;
            }
            CRC32 checksum = new CRC32();
            checksum.update(file, position + 4, length + 4);
            chunks.putInt(position + 8 + length, (int) checksum.getValue());
            position += 12 + length;
        }
    }

    private static PngImage read(BufferedImage image) {
        PngImage png = PngImage.read(PngImageTest.png(image), 0);
        assertThat(png).isNotNull();
        return png;
    }
}
