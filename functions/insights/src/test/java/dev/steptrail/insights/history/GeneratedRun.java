package dev.steptrail.insights.history;

import dev.steptrail.insights.history.Draft.Outcome;
import dev.steptrail.stepformat.ExperimentCase;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.ModelCall;
import dev.steptrail.stepformat.Screenshot;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.StepType;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStarted;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A generated run, and the problems that were planted in it.
 *
 * @param slowness the factor by which each step takes longer than usual
 * @param seed for the parts of the records that the rules do not use
 * @param commonError the error that the run shares with other failed runs; null where there is none
 */
public record GeneratedRun(
        UUID taskId,
        Instant startedAt,
        Group group,
        Setting setting,
        List<PlannedStep> steps,
        double slowness,
        Outcome outcome,
        long seed,
        List<Planted> planted,
        @Nullable String commonError) {
    /** The sender in the records' screenshot paths. */
    public static final String SENDER = "AROAHISTORY:agent";

    /** The standard deviation of the logarithm between runs. Three times as long is practically impossible. */
    private static final double SPREAD_OF_RUNS = 0.2;

    /** The model is random and versions follow each other, unless the group's change determines them. */
    record Setting(String agent, String model, String version, String device) {
        /** @param progress the elapsed part of the history, 0 to 1 */
        static Setting drawn(Group group, Instant start, double progress, RandomGenerator random) {
            Group.Change change = group.change();
            String model = Chance.oneOf(Group.MODELS, random);
            // Some phones get a version days before the others.
            double drawn = progress * Group.VERSIONS.size() + 0.25 * random.nextGaussian();
            String version = Group.VERSIONS.get(Math.max(0, Math.min(Group.VERSIONS.size() - 1, (int) drawn)));
            if (change != null) {
                boolean byModel = change.dimension().equals(Group.MODEL);
                model = byModel ? change.valueAt(start) : model;
                // Successive versions would look like the cause of a change by model.
                version = byModel ? Chance.oneOf(Group.VERSIONS, random) : change.valueAt(start);
            }
            String agent = random.nextInt(5) == 0 ? "phone-lab" : "Open-AutoGLM";
            return new Setting(agent, model, version, "phone-" + (1 + random.nextInt(24)));
        }
    }

    public String instruction() {
        return group.instruction();
    }

    /** Returns the start, the steps, and the end if one was recorded; the same at each call. */
    public List<StepRecord> records() {
        return new Recording().records();
    }

    private final class Recording {
        private final SplittableRandom random = new SplittableRandom(seed);
        private Instant now = startedAt;

        List<StepRecord> records() {
            List<StepRecord> records = new ArrayList<>();
            records.add(new TaskStarted(
                    taskId,
                    now,
                    null,
                    instruction(),
                    setting.agent(),
                    setting.model(),
                    setting.device(),
                    null,
                    null,
                    Map.of(Group.VERSION, setting.version()),
                    ExperimentCase.NONE,
                    List.of(),
                    Map.of()));
            for (int i = 0; i < steps.size(); i++) {
                records.add(step(i + 1, steps.get(i)));
            }
            if (outcome.status() != null) {
                records.add(new TaskEnded(
                        taskId,
                        now.plusMillis(200),
                        outcome.status(),
                        outcome.endReason(),
                        outcome.message(),
                        steps.size(),
                        List.of(),
                        Map.of()));
            }
            return records;
        }

        private Step step(int number, PlannedStep step) {
            List<Screenshot> screenshots = screenshots(step);
            double chance = Math.exp(SPREAD_OF_RUNS * random.nextGaussian());
            long millis = Math.round(step.millis() * slowness * (step.exact() ? 1 : chance));
            now = now.plusMillis(millis);
            boolean finishes = step.action().name().equals(Action.FINISH);
            boolean success = step.error() == null;
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("success", success);
            result.put("should_finish", finishes);
            return new Step(
                    taskId,
                    now,
                    number,
                    finishes ? StepType.COMPLETION : StepType.ACTION,
                    Chance.oneOf(Texts.THOUGHTS, random),
                    step.action().json(),
                    result,
                    Duration.ofMillis(millis),
                    success,
                    step.error(),
                    timings(millis),
                    Map.of(),
                    ModelCall.NONE,
                    List.of(),
                    List.of(),
                    screenshots,
                    Map.of());
        }

        private Map<String, Object> timings(long millis) {
            long model = Math.round(millis * random.nextDouble(0.6, 0.8));
            Map<String, Object> timings = new LinkedHashMap<>();
            timings.put("time_to_first_token_ms", model / 5);
            timings.put("model_ms", model);
            timings.put("action_ms", millis - model);
            return timings;
        }

        private List<Screenshot> screenshots(PlannedStep step) {
            if (group.screens() == null) {
                return List.of();
            }
            byte[] bytes = new byte[32];
            random.nextBytes(bytes);
            String hash = HexFormat.of().formatHex(bytes);
            String path = "screenshots/" + SENDER + "/" + taskId + "/" + hash;
            return List.of(new Screenshot(
                    FrameRole.BEFORE,
                    path + ".webp",
                    hash,
                    random.nextInt(80_000, 160_000),
                    random.nextInt(800_000, 1_200_000),
                    1080,
                    2400,
                    "webp",
                    true,
                    false,
                    List.of(),
                    group.look(step.screen(), random),
                    path + ".thumbnail.webp",
                    now,
                    Map.of()));
        }
    }
}
