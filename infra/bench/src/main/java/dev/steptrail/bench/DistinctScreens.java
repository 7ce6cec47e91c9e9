package dev.steptrail.bench;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;

/**
 * Generates distinct phone screens by scrolling a screenshot: {@code phone-1080x2400.png} in the folder
 * {@code STEPTRAIL_REAL_DATA} if this variable is set, otherwise one of the project's samples.
 */
public final class DistinctScreens {
    private static final String SAMPLE = "agent-client/cli/samples/weather-finished/screenshots/step_003.png";

    private DistinctScreens() {}

    /**
     * Writes PNG files of 1080x2400 pixels. Each takes about 100 ms.
     *
     * @param count at most 2,400, because each screen is scrolled by a different number of pixel rows
     */
    public static List<Path> write(Path folder, int count) throws IOException {
        String dataFolder = System.getenv("STEPTRAIL_REAL_DATA");
        Path source = dataFolder == null ? Path.of(SAMPLE) : Path.of(dataFolder, "phone-1080x2400.png");
        BufferedImage screen = ImageIO.read(source.toFile());
        int height = screen.getHeight();
        List<Path> screens = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int offset = i * height / count;
            BufferedImage scrolled = new BufferedImage(screen.getWidth(), height, BufferedImage.TYPE_INT_RGB);
            Graphics2D graphics = scrolled.createGraphics();
            graphics.drawImage(screen, 0, -offset, null);
            graphics.drawImage(screen, 0, height - offset, null);
            graphics.dispose();
            Path file = folder.resolve("screen-" + i + ".png");
            ImageIO.write(scrolled, "png", file.toFile());
            screens.add(file);
        }
        return screens;
    }
}
