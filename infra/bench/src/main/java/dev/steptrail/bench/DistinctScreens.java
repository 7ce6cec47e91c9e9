package dev.steptrail.bench;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/**
 * Generates distinct phone screens by scrolling one screen further each time. The screen is a real one if
 * {@code STEPTRAIL_REAL_DATA} names its folder, otherwise one of the project's samples.
 */
public final class DistinctScreens {
    private static final String DRAWN = "agent-client/cli/samples/weather-finished/screenshots/step_003.png";

    private DistinctScreens() {}

    /** Writes PNG files of 1080x2400 pixels into the folder, at most 2,400; each takes a tenth of a second. */
    public static List<Path> in(Path folder, int count) throws IOException {
        String real = System.getenv("STEPTRAIL_REAL_DATA");
        Path picture = real == null ? Path.of(DRAWN) : Path.of(real, "phone-1080x2400.png");
        BufferedImage screen = ImageIO.read(picture.toFile());
        int height = screen.getHeight();
        List<Path> screens = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int scrolled = i * height / count;
            BufferedImage moved = new BufferedImage(screen.getWidth(), height, BufferedImage.TYPE_INT_RGB);
            Graphics2D graphics = moved.createGraphics();
            graphics.drawImage(screen, 0, -scrolled, null);
            graphics.drawImage(screen, 0, height - scrolled, null);
            graphics.dispose();
            Path file = folder.resolve("screen-" + i + ".png");
            ImageIO.write(moved, "png", file.toFile());
            screens.add(file);
        }
        return screens;
    }

    /** Removes the folder and everything in it. */
    public static void remove(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
