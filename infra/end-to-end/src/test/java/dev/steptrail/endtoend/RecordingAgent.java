package dev.steptrail.endtoend;

import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.tracker.StepData;
import dev.steptrail.tracker.StepTracker;
import dev.steptrail.tracker.TrackedTask;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import javax.imageio.ImageIO;

/** An agent that records until it is killed: a screenshot in every third step, a new task after 40 steps. */
final class RecordingAgent {
    private RecordingAgent() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        try (StepTracker tracker =
                StepTracker.builder(Path.of(arguments[0])).shipping(false).build()) {
            for (int number = 0; ; number++) {
                TrackedTask task = tracker.startTask("task " + number);
                for (int step = 0; step < 40; step++) {
                    StepData.Builder data = StepData.action(
                                    Map.of("action", "Tap", "element", new int[] {step, number}))
                            .thinking("Step " + step + " of task " + number)
                            .succeeded();
                    if (step % 3 == 0) {
                        data.frame(FrameRole.BEFORE, picture(number * 40 + step), false);
                    }
                    task.record(data.build());
                    Thread.sleep(1);
                }
                task.succeeded("done");
            }
        }
    }

    private static byte[] picture(int number) throws IOException {
        BufferedImage picture = new BufferedImage(27, 60, BufferedImage.TYPE_INT_RGB);
        for (int bit = 0; bit < 20; bit++) {
            picture.setRGB(bit, bit, (number >> bit & 1) == 0 ? 0 : 0xFFFFFF);
        }
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(picture, "png", png);
        return png.toByteArray();
    }
}
