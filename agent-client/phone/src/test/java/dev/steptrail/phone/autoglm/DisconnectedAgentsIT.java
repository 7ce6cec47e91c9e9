package dev.steptrail.phone.autoglm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.demophone.DemoModel;
import dev.steptrail.demophone.DemoPhone;
import dev.steptrail.demophone.DemoReply;
import dev.steptrail.demophone.DemoScript;
import dev.steptrail.phone.device.Device;
import dev.steptrail.stepformat.Step;
import dev.steptrail.tracker.RunResult;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two agents operate two phones at once, with one model and one tracker. */
@Tag("slow")
@Timeout(300)
class DisconnectedAgentsIT extends AgentFixture {
    private static final int TAPS = 100;

    /** Long enough for most screenshots. */
    private static final int MIN_PAUSE_MILLIS = 300;

    private static final int MAX_PAUSE_MILLIS = 600;
    private static final int DISCONNECTS_OF_A_PHONE = 50;

    @Test
    void twoPhones_loseNoStepAndDoubleNoInput_thoughTheyAreDisconnectedAtRandomMoments() throws Exception {
        long seed = System.nanoTime();
        try (DemoPhone otherPhone = startPhone();
                Device otherDevice = connect(otherPhone)) {
            CompletableFuture<Void> disconnects = CompletableFuture.allOf(
                    CompletableFuture.runAsync(() -> disconnect(phone, new Random(seed))),
                    CompletableFuture.runAsync(() -> disconnect(otherPhone, new Random(~seed))));
            model = DemoModel.start(request -> reply(DemoScript.repliesIn(request), disconnects));
            CompletableFuture<RunResult> first = run(device);
            CompletableFuture<RunResult> second = run(otherDevice);
            check(first.get(), phone, seed);
            check(second.get(), otherPhone, seed);
        }
    }

    /** Each step taps another point. The model pauses, so that most disconnects are over before the last step. */
    private static DemoReply reply(int earlierReplies, CompletableFuture<?> disconnects) {
        if (earlierReplies == TAPS) {
            disconnects.join();
        }
        return earlierReplies == TAPS
                ? DemoReply.text(FINISH)
                : DemoReply.text("do(action=\"Tap\", element=[" + x(earlierReplies + 1) + ", 500])")
                        .withDelays(Duration.ofMillis(300), Duration.ZERO);
    }

    /** The thousandths of a step; on the screen, they are different pixels. */
    private static int x(int step) {
        return 2 * step;
    }

    private static String inputOf(int step) {
        return "input tap " + (int) (x(step) / 1000.0 * WIDTH) + " " + HEIGHT / 2;
    }

    private CompletableFuture<RunResult> run(Device target) {
        AutoGlmAgent agent = agentOn(target, settings())
                .limits(Limits.DEFAULT.withSteps(TAPS + 1))
                .build();
        return CompletableFuture.supplyAsync(() -> agent.run("tap " + TAPS + " points", true));
    }

    private static void disconnect(DemoPhone target, Random random) {
        for (int i = 0; i < DISCONNECTS_OF_A_PHONE; i++) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(MIN_PAUSE_MILLIS, MAX_PAUSE_MILLIS)));
            target.disconnect();
        }
    }

    private void check(RunResult result, DemoPhone target, long seed) throws Exception {
        assertThat(RunOutcome.of(result)).as(result + ", seed " + seed).isEqualTo(RunOutcome.SUCCEEDED);
        Recorded recorded = recorded(result);
        assertThat(recorded.steps())
                .extracting(Step::stepNumber)
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, TAPS + 1).boxed().toList());
        assertThat(recorded.ended().lastStepNumber()).isEqualTo(TAPS + 1);
        List<String> inputs = inputs(target);
        for (int step = 1; step <= TAPS; step++) {
            int sent = Collections.frequency(inputs, inputOf(step));
            Object outcome = recorded.step(step).actionResult();
            if (Boolean.TRUE.equals(recorded.step(step).success())) {
                assertThat(sent).as("step " + step + " of seed " + seed).isEqualTo(1);
            } else {
                assertThat(sent).as("step " + step + " of seed " + seed).isLessThanOrEqualTo(1);
                assertThat(outcome).asString().contains("outcome_unknown");
            }
        }
    }
}
