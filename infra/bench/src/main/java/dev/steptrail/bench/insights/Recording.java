package dev.steptrail.bench.insights;

import dev.steptrail.bench.database.Postgres;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Screenshot;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.StepType;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.stepformat.TaskStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** The records of one run, as the shipper of {@link Postgres#SENDER} sends them. */
final class Recording {
    private static final int HASH_BYTES = 32;

    private final Run run;
    private final SplittableRandom random;
    private Instant now;

    Recording(Run run) {
        this.run = run;
        this.random = new SplittableRandom(run.seed());
        this.now = run.startedAt();
    }

    List<StepRecord> records() {
        List<StepRecord> records = new ArrayList<>();
        records.add(started());
        for (int i = 0; i < run.moves().size(); i++) {
            records.add(step(i + 1, run.moves().get(i)));
        }
        TaskStatus status = run.outcome().status();
        if (status != null) {
            records.add(ended(status));
        }
        return records;
    }

    private TaskStarted started() {
        Setting setting = run.setting();
        return new TaskStarted(
                run.taskId(),
                now,
                null,
                run.description(),
                setting.agent(),
                setting.model(),
                setting.device(),
                null,
                null,
                Map.of(Setting.VERSION, setting.version()),
                Map.of());
    }

    private Step step(int number, Move move) {
        List<Screenshot> screenshots = screenshots(move);
        long millis = Durations.drawn(move, run.slowness(), random);
        now = now.plusMillis(millis);
        boolean finishes = move.action().name().equals(PhoneAction.FINISH);
        boolean success = move.error() == null;
        return new Step(
                run.taskId(),
                now,
                number,
                finishes ? StepType.COMPLETION : StepType.ACTION,
                Chance.oneOf(Texts.THOUGHTS, random),
                move.action().json(),
                result(success, finishes),
                Duration.ofMillis(millis),
                success,
                move.error(),
                timings(millis),
                Map.of(),
                List.of(),
                screenshots,
                Map.of());
    }

    private static Map<String, Object> result(boolean success, boolean finishes) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("success", success);
        result.put("should_finish", finishes);
        return result;
    }

    /** Most of a step is the model's time. */
    private Map<String, Object> timings(long millis) {
        long model = Math.round(millis * random.nextDouble(0.6, 0.8));
        Map<String, Object> timings = new LinkedHashMap<>();
        timings.put("time_to_first_token_ms", model / 5);
        timings.put("model_ms", model);
        timings.put("action_ms", millis - model);
        return timings;
    }

    private List<Screenshot> screenshots(Move move) {
        Screens screens = run.group().screens();
        if (screens == null) {
            return List.of();
        }
        byte[] bytes = new byte[HASH_BYTES];
        random.nextBytes(bytes);
        String hash = HexFormat.of().formatHex(bytes);
        String path = "screenshots/" + Postgres.SENDER + "/" + run.taskId() + "/" + hash;
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
                screens.look(move.screen(), random),
                path + ".thumbnail.webp",
                now,
                Map.of()));
    }

    private TaskEnded ended(TaskStatus status) {
        Outcome outcome = run.outcome();
        return new TaskEnded(
                run.taskId(),
                now.plusMillis(200),
                status,
                outcome.ending(),
                outcome.message(),
                run.moves().size(),
                Map.of());
    }
}
