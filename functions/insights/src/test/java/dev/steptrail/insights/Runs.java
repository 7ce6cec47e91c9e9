package dev.steptrail.insights;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.insights.TaskDigest.LastScreen;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/** Builds runs, by default with one instruction, each a day after the previous one. */
final class Runs {
    private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
    static final String[] PATH = {
        "Launch x", "Tap 100,100", "Type", "Tap 200,200", "Swipe 5,9,5,1", "Tap 300,300", "Back"
    };

    private final List<TaskDigest> runs = new ArrayList<>();
    private String model = "glm";
    private String version = "1.0";
    private boolean whole = true;
    private String text = "water the plants";
    private @Nullable String verdict;
    private @Nullable String error;
    private @Nullable LastScreen lastScreen;

    Runs of(String newModel, String newVersion) {
        model = newModel;
        version = newVersion;
        return this;
    }

    Runs asked(String newText) {
        text = newText;
        return this;
    }

    /** Sets the verdict on the following runs, {@code pass} or {@code fail}; null for none. */
    Runs judged(@Nullable String newVerdict) {
        verdict = newVerdict;
        return this;
    }

    /** Sets the last screen and the error of the following runs. */
    Runs seeing(@Nullable Long hash, @Nullable String newError) {
        lastScreen = hash == null ? null : new LastScreen(PATH.length, hash);
        error = newError;
        return this;
    }

    /** Marks the following runs as having missing steps. */
    Runs withMissingSteps() {
        whole = false;
        return this;
    }

    Runs succeed(int times) {
        return times(times, true, 60_000);
    }

    Runs fail(int times) {
        return times(times, false, 60_000);
    }

    /** @param run adds runs, given the number of earlier repetitions */
    Runs repeat(int times, ObjIntConsumer<Runs> run) {
        for (int i = 0; i < times; i++) {
            run.accept(this, i);
        }
        return this;
    }

    Runs times(int times, @Nullable Boolean succeeded, long durationMs) {
        for (int i = 0; i < times; i++) {
            go(succeeded, durationMs + i, PATH);
        }
        return this;
    }

    Runs go(@Nullable Boolean succeeded, long durationMs, String... path) {
        return add(succeeded, durationMs, path(path));
    }

    /** @param steps one move each, such as {@code Tap 499,842} */
    static List<Move> path(String... steps) {
        List<Move> moves = new ArrayList<>();
        for (String move : steps) {
            String[] parts = move.split(" ");
            moves.add(new Move(moves.size() + 1, parts[0], parts.length > 1 ? parts[1] : "", 1000L));
        }
        return moves;
    }

    Runs add(@Nullable Boolean succeeded, long durationMs, List<Move> moves) {
        int number = runs.size();
        runs.add(new TaskDigest(
                new UUID(0, number),
                text,
                START.plus(Duration.ofDays(number)),
                model,
                version,
                verdict == null ? succeeded : Boolean.valueOf(verdict.equals("pass")),
                succeeded,
                verdict,
                durationMs,
                error,
                lastScreen,
                whole,
                moves));
        return this;
    }

    List<Insight> ofOwner(String kind) {
        List<TaskDigest> failures = runs.stream().filter(TaskDigest::isFailure).toList();
        return OwnerRules.evaluate(runs, failures).stream()
                .filter(insight -> insight.kind().equals(kind))
                .toList();
    }

    /** Returns the only insight of this kind. */
    Insight insight(String kind) {
        assertThat(insights(kind)).hasSize(1);
        return insights(kind).get(0);
    }

    List<Insight> insights(String kind) {
        return InstructionRules.evaluate(runs).stream()
                .filter(insight -> insight.kind().equals(kind))
                .toList();
    }
}
