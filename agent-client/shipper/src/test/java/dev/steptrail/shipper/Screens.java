package dev.steptrail.shipper;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.opentest4j.TestAbortedException;

/** Input for tests: the project's samples, and real recordings where this machine has them. */
public final class Screens {
    private static final String REAL_DATA = "STEPTRAIL_REAL_DATA";

    private static final Path SAMPLES = Path.of("../cli/samples").toAbsolutePath();

    private Screens() {}

    public static Path samples() {
        return SAMPLES;
    }

    public static Path sample(String run) {
        return SAMPLES.resolve(run).resolve(run + ".json");
    }

    /** The screens of a sample run, drawn, 1080 by 2400 pixels. */
    public static byte[] drawn(int number) {
        try {
            return Files.readAllBytes(SAMPLES.resolve("flower-photo-loop/screenshots/step_%03d.png".formatted(number)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A screen that no encoder makes small: megabytes as WebP too. */
    static byte[] noise() throws IOException {
        BufferedImage noise = new BufferedImage(2160, 2400, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(7);
        for (int y = 0; y < noise.getHeight(); y++) {
            for (int x = 0; x < noise.getWidth(); x++) {
                noise.setRGB(x, y, random.nextInt());
            }
        }
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(noise, "png", new MemoryCacheImageOutputStream(png));
        return png.toByteArray();
    }

    /** The folder with real recordings; where there is none, the test is skipped and its output says why. */
    public static Path realData() {
        String folder = System.getenv(REAL_DATA);
        if (folder == null || folder.isBlank()) {
            String reason = "skipped: " + REAL_DATA + " names no folder with traces/*.json and phone-1080x2400.png";
            System.out.println(reason);
            throw new TestAbortedException(reason);
        }
        return Path.of(folder);
    }
}
