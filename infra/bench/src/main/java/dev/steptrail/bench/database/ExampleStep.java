package dev.steptrail.bench.database;

import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.ModelCall;
import dev.steptrail.stepformat.Screenshot;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepType;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

/** Generates steps with two screenshots each, as the shipper sends them. */
public final class ExampleStep {
    /** The number of distinct steps per task. Further steps repeat these with other step numbers. */
    public static final int DISTINCT = 1000;

    private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");

    private static final List<String> SENTENCES = List.of(
            "The slider is half way to the right, so the volume is not at its maximum yet. ",
            "I see the settings page with the list of sound options in its middle. ",
            "当前屏幕显示的是备忘录应用的主界面，右下角有一个添加按钮。",
            "To open the note I have to tap the plus sign near the lower right corner. ",
            "我需要向下滑动页面，找到“声音与振动”这一项，然后点击它。",
            "The last tap did not change anything on the screen; I try a little further up. ",
            "The keyboard covers the button, so I go back once before I look for it again. ");

    private ExampleStep() {}

    /** Creates the step with this number. The same number always gives the same step. */
    public static Step create(UUID task, int number) {
        int variant = (number - 1) % DISTINCT;
        Random random = new Random(variant);
        boolean fails = variant % 20 == 19;
        return new Step(
                task,
                START.plusSeconds(4L * variant).plusMillis(random.nextInt(1000)),
                number,
                fails ? StepType.ERROR : StepType.ACTION,
                thinking(random),
                action(random),
                Map.of("success", !fails, "should_finish", false),
                Duration.ofMillis(2000 + random.nextInt(3000)),
                !fails,
                fails ? "Element not found at (" + random.nextInt(1000) + ", 842)" : null,
                timings(random),
                Map.of("cpu", random.nextInt(1000) / 10.0, "memory", 1_500_000_000L + random.nextInt(500_000_000)),
                ModelCall.NONE,
                List.of(),
                List.of(),
                List.of(screenshot(FrameRole.BEFORE, task, random), screenshot(FrameRole.AFTER, task, random)),
                Map.of());
    }

    private static String thinking(Random random) {
        StringBuilder thinking = new StringBuilder();
        for (int i = 0; i < 4; i++) {
            thinking.append(SENTENCES.get(random.nextInt(SENTENCES.size())));
        }
        return thinking.toString();
    }

    private static Map<String, Object> action(Random random) {
        Map<String, Object> action = new LinkedHashMap<>();
        action.put("_metadata", "do");
        action.put("action", List.of("Tap", "Swipe", "Type", "Back").get(random.nextInt(4)));
        action.put("element", List.of(random.nextInt(1000), random.nextInt(1000)));
        return action;
    }

    private static Map<String, Object> timings(Random random) {
        Map<String, Object> timings = new LinkedHashMap<>();
        timings.put("time_to_first_token_ms", 300 + random.nextInt(300));
        timings.put("model_ms", 1500 + random.nextInt(1500));
        timings.put("action_ms", 500 + random.nextInt(500));
        return timings;
    }

    private static Screenshot screenshot(FrameRole role, UUID task, Random random) {
        String hash = hex(random, 64);
        String folder = "screenshots/" + Postgres.SENDER + "/" + task + "/";
        return new Screenshot(
                role,
                folder + hash + ".webp",
                hash,
                80_000 + random.nextInt(20_000),
                900_000 + random.nextInt(100_000),
                1080,
                2400,
                "webp",
                true,
                false,
                List.of(),
                hex(random, 16),
                folder + hash + ".thumbnail.webp",
                START.plusMillis(random.nextInt(1_000_000)),
                Map.of());
    }

    private static String hex(Random random, int digits) {
        StringBuilder hex = new StringBuilder(digits);
        for (int i = 0; i < digits; i++) {
            hex.append(Character.forDigit(random.nextInt(16), 16));
        }
        return hex.toString();
    }
}
