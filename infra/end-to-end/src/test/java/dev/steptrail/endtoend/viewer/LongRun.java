package dev.steptrail.endtoend.viewer;

import dev.steptrail.endtoend.CloudProcess;
import dev.steptrail.endtoend.Recording;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;

/** A run of many steps. Each has a before and an after screenshot, all stored as different objects. */
final class LongRun {
    private static final List<Integer> SCREENS = List.of(1, 2, 7, 10, 12, 15, 19, 22, 23);

    private LongRun() {}

    static String of(CloudProcess cloud, int steps) throws Exception {
        List<Picture> screens = new ArrayList<>();
        for (int number : SCREENS) {
            screens.add(screen(number));
        }
        List<Picture> all = IntStream.range(0, 2 * steps)
                .mapToObj(number -> distinct(screens.get(number % screens.size()), number))
                .toList();
        SentRun run = SentRun.of(cloud, Map.of("name", steps + " steps")).storing(all);
        for (int step = 0; step < steps; step++) {
            run.step(
                    Map.of(
                            "duration_ms",
                            2000 + step % 7 * 500,
                            "thinking",
                            "I look at the screen and see what I saw before; step " + step
                                    + " is to tap once more. ".repeat(5),
                            "success",
                            step % 50 != 49,
                            "action",
                            Map.of("action", "Tap", "element", List.of(step % 1000, 500))),
                    all.get(2 * step),
                    all.get(2 * step + 1).as("after"));
        }
        return run.ended("succeeded").sent().task();
    }

    private static Picture screen(int number) throws IOException {
        String file = "flower-photo-loop/screenshots/step_%03d.png".formatted(number);
        return Picture.of(ImageIO.read(Recording.SAMPLES.resolve(file).toFile()));
    }

    /** Returns the same picture as a different file, by appending an unknown chunk, which decoders ignore. */
    private static Picture distinct(Picture picture, int number) {
        return new Picture(
                with(picture.webp(), number),
                with(picture.thumbnail(), number),
                picture.width(),
                picture.height(),
                picture.role(),
                false);
    }

    private static byte[] with(byte[] webp, int number) {
        int even = webp.length + webp.length % 2;
        return ByteBuffer.allocate(even + 12)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(webp)
                .putInt(4, even + 4)
                .position(even)
                .put("TEST".getBytes(StandardCharsets.US_ASCII))
                .putInt(4)
                .putInt(number)
                .array();
    }
}
