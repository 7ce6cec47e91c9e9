package dev.steptrail.localcloud.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;

/**
 * The task that the demo replays, read from {@code run.json} and the WebP files of its screens.
 *
 * @param task the instruction
 * @param steps the steps in order; the last one finishes the task
 */
record DemoScript(String task, List<Step> steps) {

    /**
     * A step of the task. The screen after the action is the next step's screen.
     *
     * @param screen name of the screen before the action, without {@code .webp}
     * @param action the action, in Open-AutoGLM's format
     * @param error the reason for the failure of the action; null if it succeeded
     */
    record Step(
            String screen,
            String thinking,
            Map<String, Object> action,
            @Nullable String error) {}

    DemoScript {
        steps = List.copyOf(steps);
    }

    static DemoScript read() throws IOException {
        try (InputStream file = open("run.json")) {
            return new ObjectMapper().readValue(file, DemoScript.class);
        }
    }

    static BufferedImage image(String screen) throws IOException {
        try (InputStream file = open(screen + ".webp")) {
            BufferedImage image = ImageIO.read(file);
            if (image == null) {
                throw new IOException("demo: no decoder on the class path can read " + screen + ".webp");
            }
            return image;
        }
    }

    /** Decodes a screen and encodes it as PNG, the format in which a phone delivers screenshots. */
    static byte[] png(String screen) throws IOException {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(image(screen), "png", png);
        return png.toByteArray();
    }

    private static InputStream open(String name) throws IOException {
        InputStream file = DemoScript.class.getResourceAsStream(name);
        if (file == null) {
            throw new FileNotFoundException("demo: " + name + " is not on the class path");
        }
        return file;
    }
}
