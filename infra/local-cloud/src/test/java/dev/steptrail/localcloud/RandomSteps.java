package dev.steptrail.localcloud;

import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.ModelCall;
import dev.steptrail.stepformat.Region;
import dev.steptrail.stepformat.Screenshot;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepType;
import dev.steptrail.stepformat.UuidV7;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

/** Generates distinct random steps: every fifth fails, every third has a screenshot. */
final class RandomSteps {
    static final Instant START = Instant.parse("2026-03-01T10:00:00Z");

    private final Random random;

    RandomSteps(Random random) {
        this.random = random;
    }

    /** @param sender the sender whose folder contains the screenshot */
    Step step(String sender, UUID task, int number) {
        boolean fails = number % 5 == 0;
        Step step = new Step(
                task,
                START.plusSeconds(number),
                number,
                fails ? StepType.ERROR : StepType.ACTION,
                "I see C:\\dir\t\\N, a \"quote\",\r\na new line and 相机 📷 " + text(400),
                Map.of("action", "Tap", "element", List.of(random.nextInt(1080), random.nextInt(2400))),
                Map.of("finished", false, "note", text(10)),
                Duration.ofMillis(random.nextInt(10_000)),
                !fails,
                fails ? "App not found: " + text(10) : null,
                Map.of("model_ms", random.nextInt(10_000)),
                Map.of(),
                ModelCall.NONE,
                List.of(),
                List.of(),
                List.of(),
                Map.of("x_note", text(10)));
        return number % 3 == 0 ? step.withScreenshots(List.of(screenshot(sender, task)), List.of()) : step;
    }

    private Screenshot screenshot(String sender, UUID task) {
        String hash = "%064x".formatted(random.nextLong());
        String key = "screenshots/" + sender + "/" + task + "/" + hash + ".webp";
        return new Screenshot(
                FrameRole.BEFORE,
                key,
                hash,
                1000,
                9000,
                1080,
                2400,
                "webp",
                true,
                false,
                List.of(new Region(1, 2, 3, 4)),
                null,
                null,
                null,
                Map.of("luck", random.nextInt()));
    }

    UUID newTask() {
        byte[] bytes = new byte[10];
        random.nextBytes(bytes);
        return UuidV7.of(START, bytes);
    }

    private String text(int length) {
        return random.ints(length, 'a', 'z' + 1)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
