package dev.steptrail.localcloud.phone;

import dev.steptrail.demophone.ManualClock;
import dev.steptrail.demophone.SimulatedPhone;
import dev.steptrail.demophone.internal.draw.Png;
import dev.steptrail.tracker.ActionResult;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Plays a script on a simulated phone and records it in the format of Open-AutoGLM's recorder. */
record SampleTrace(
        String name, LocalDateTime createdAt, @Nullable String deviceId) {
    private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS");

    /** Returns all samples of the project. */
    static final List<SampleTrace> ALL = List.of(
            new SampleTrace("flower-photo-loop", LocalDateTime.parse("2026-05-14T09:41:07.318204"), "emulator-5554"),
            new SampleTrace("flight-launch-failed", LocalDateTime.parse("2026-05-14T20:15:44.902117"), null),
            new SampleTrace("weather-finished", LocalDateTime.parse("2026-05-15T07:58:31.046590"), "emulator-5554"),
            new SampleTrace("torch-no-steps", LocalDateTime.parse("2026-05-15T22:03:10.771835"), null));

    /** Returns the files of the run by path within the samples folder: the trace, then one screenshot per step. */
    Map<String, byte[]> files() {
        Script script = Script.read(name);
        ManualClock clock = new ManualClock(createdAt);
        SimulatedPhone phone = new SimulatedPhone(clock);
        PhoneActions actions = new PhoneActions(phone, clock::advance);
        Random model = new Random(name.hashCode());
        Map<String, byte[]> files = new LinkedHashMap<>();
        List<RecordedTrace.Step> steps = new ArrayList<>();
        clock.advance(micros(model, 900_000, 1_500_000));
        for (Script.Step step : script.steps()) {
            int number = steps.size() + 1;
            String screenshot = "screenshots/step_%03d.png".formatted(number);
            files.put(name + "/" + screenshot, Png.encodeSmall(phone.image()));
            clock.advance(micros(model, 3_200_000, 8_900_000));
            steps.add(recorded(number, step, screenshot, clock.time(), actions.execute(step.action())));
            clock.advance(micros(model, 600_000, 1_100_000));
        }
        files.put(
                name + "/" + name + ".json", trace(script, steps, clock.time()).toJson());
        return files;
    }

    private static RecordedTrace.Step recorded(
            int number, Script.Step step, String screenshot, LocalDateTime time, ActionResult outcome) {
        return new RecordedTrace.Step(
                number,
                step.action().getOrDefault("action", "finish").toString(),
                step.action(),
                step.thinking(),
                screenshot,
                TIMESTAMP.format(time),
                outcome.success(),
                outcome.success() ? null : outcome.message());
    }

    private RecordedTrace trace(Script script, List<RecordedTrace.Step> steps, LocalDateTime end) {
        long succeeded = steps.stream().filter(RecordedTrace.Step::success).count();
        double rate = steps.isEmpty() ? 0 : Math.round(1000.0 * succeeded / steps.size()) / 10.0;
        double seconds = Math.round(Duration.between(createdAt, end).toMillis() / 10.0) / 100.0;
        return new RecordedTrace(
                new RecordedTrace.Metadata(
                        script.task(),
                        script.task(),
                        TIMESTAMP.format(createdAt),
                        steps.size(),
                        deviceId,
                        "autoglm-phone",
                        rate,
                        seconds),
                steps);
    }

    private static Duration micros(Random random, int least, int most) {
        return Duration.ofNanos(1000L * (least + random.nextInt(most - least)));
    }
}
