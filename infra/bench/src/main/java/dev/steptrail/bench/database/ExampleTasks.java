package dev.steptrail.bench.database;

import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.stepformat.ModelCall;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.Screenshot;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepType;
import dev.steptrail.store.TestRecords;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Creates messages of tasks whose steps have two screenshots each, as the shipper sends them. */
final class ExampleTasks {
    /** The number of distinct steps per task. Further steps repeat these with other step numbers. */
    static final int DISTINCT = 1000;

    static final int STEPS_PER_MESSAGE = 20;

    private static final List<String> SENTENCES = List.of(
            "The slider is half way to the right, so the volume is not at its maximum yet. ",
            "I see the settings page with the list of sound options in its middle. ",
            "当前屏幕显示的是备忘录应用的主界面，右下角有一个添加按钮。",
            "To open the note I have to tap the plus sign near the lower right corner. ",
            "我需要向下滑动页面，找到“声音与振动”这一项，然后点击它。",
            "The last tap did not change anything on the screen; I try a little further up. ",
            "The keyboard covers the button, so I go back once before I look for it again. ");

    private ExampleTasks() {}

    /** Consecutive steps of a task. */
    record Range(UUID task, int first, int steps) {
        /** Returns the steps as one message. */
        MessageBody toMessage() {
            return MessageCodec.encode(IntStream.range(first, first + steps)
                    .mapToObj(number -> RecordCodec.encode(createStep(task, number)))
                    .toList());
        }
    }

    /** Returns one message with the starts of these tasks. */
    static MessageBody createStarts(List<UUID> tasks) {
        return MessageCodec.encode(tasks.stream()
                .map(TestRecords::started)
                .map(RecordCodec::encode)
                .toList());
    }

    /** Creates the step with this number. The same number always gives the same step. */
    private static Step createStep(UUID task, int number) {
        int variant = (number - 1) % DISTINCT;
        Random random = new Random(variant);
        boolean fails = variant % 20 == 19;
        return new Step(
                task,
                TestRecords.START.plusMillis(4000L * variant + random.nextInt(1000)),
                number,
                fails ? StepType.ERROR : StepType.ACTION,
                random.ints(4, 0, SENTENCES.size()).mapToObj(SENTENCES::get).collect(Collectors.joining()),
                Map.of(
                        "_metadata", "do",
                        "action", List.of("Tap", "Swipe", "Type", "Back").get(random.nextInt(4)),
                        "element", List.of(random.nextInt(1000), random.nextInt(1000))),
                Map.of("success", !fails, "should_finish", false),
                Duration.ofMillis(2000 + random.nextInt(3000)),
                !fails,
                fails ? "Element not found at (" + random.nextInt(1000) + ", 842)" : null,
                Map.of(
                        "time_to_first_token_ms", 300 + random.nextInt(300),
                        "model_ms", 1500 + random.nextInt(1500),
                        "action_ms", 500 + random.nextInt(500)),
                Map.of("cpu", random.nextInt(1000) / 10.0, "memory", 1_500_000_000L + random.nextInt(500_000_000)),
                ModelCall.NONE,
                List.of(),
                List.of(),
                List.of(
                        createScreenshot(FrameRole.BEFORE, task, random),
                        createScreenshot(FrameRole.AFTER, task, random)),
                Map.of());
    }

    private static Screenshot createScreenshot(FrameRole role, UUID task, Random random) {
        String hash = hex(random) + hex(random) + hex(random) + hex(random);
        String path = "screenshots/" + PostgresServer.SENDER + "/" + task + "/" + hash;
        return new Screenshot(
                role,
                path + ".webp",
                hash,
                80_000 + random.nextInt(20_000),
                900_000 + random.nextInt(100_000),
                1080,
                2400,
                "webp",
                true,
                false,
                List.of(),
                hex(random),
                path + ".thumbnail.webp",
                TestRecords.START.plusMillis(random.nextInt(1_000_000)),
                Map.of());
    }

    /** Returns 16 random digits. */
    private static String hex(Random random) {
        return "%016x".formatted(random.nextLong());
    }
}
