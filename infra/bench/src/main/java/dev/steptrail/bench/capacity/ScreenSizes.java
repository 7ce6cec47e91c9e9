package dev.steptrail.bench.capacity;

import dev.steptrail.bench.DistinctScreens;
import dev.steptrail.shipper.screenshot.Thumbnail;
import dev.steptrail.shipper.screenshot.WebpEncoder;
import dev.steptrail.shipper.screenshot.WebpSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Mean sizes of what is stored of a screen of 1080x2400 pixels, in bytes.
 *
 * @param screen the screenshot
 * @param thumbnail beside it
 */
record ScreenSizes(double screen, double thumbnail) {
    private static final int SCREENS = 10;

    /** As the shipper makes them by default, of what {@link DistinctScreens} draws. */
    static ScreenSizes measure() throws IOException {
        WebpEncoder encoder = new WebpEncoder(WebpSettings.DEFAULT);
        Path folder = Files.createTempDirectory("bench-screens");
        try {
            List<Path> screens = DistinctScreens.in(folder, SCREENS);
            double screen = 0;
            double thumbnail = 0;
            for (Path file : screens) {
                byte[] png = Files.readAllBytes(file);
                screen += encoder.encode(png).length;
                Thumbnail small = encoder.thumbnail(png).orElseThrow();
                thumbnail += small.webp().length;
            }
            return new ScreenSizes(screen / SCREENS, thumbnail / SCREENS);
        } finally {
            DistinctScreens.remove(folder);
        }
    }
}
