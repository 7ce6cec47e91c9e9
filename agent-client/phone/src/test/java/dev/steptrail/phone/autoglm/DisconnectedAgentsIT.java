package dev.steptrail.phone.autoglm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.demophone.DemoModel;
import dev.steptrail.demophone.DemoPhone;
import dev.steptrail.demophone.DemoReply;
import dev.steptrail.demophone.DemoScript;
import dev.steptrail.demophone.Fault;
import dev.steptrail.phone.device.Device;
import dev.steptrail.stepformat.Step;
import dev.steptrail.tracker.RunResult;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Two agents operate two phones at once, with one model and one tracker. In every second step the phone is disconnected
 * when it receives the input, in the others at a random moment.
 */
@Tag("slow")
@Timeout(300)
class DisconnectedAgentsIT extends AgentFixture {
    private static final int TAPS = 100;
    private static final int MAX_DELAY_MILLIS = 60;

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

    @Test
    void twoPhones_disconnectedInEachStep_loseNoStepAndDoubleNoInput() throws Exception {
        long seed = Long.getLong("steptrail.seed", System.nanoTime());
        try (DemoPhone otherPhone = startPhone();
                Device otherDevice = connect(otherPhone)) {
            Cable first = new Cable("first", phone, new Random(seed), new AtomicInteger());
            Cable second = new Cable("second", otherPhone, new Random(~seed), new AtomicInteger());
            model = DemoModel.start(
                    request -> reply(request, request.toString().contains(first.instruction()) ? first : second));
            CompletableFuture<RunResult> firstRun = run(device, first);
            CompletableFuture<RunResult> secondRun = run(otherDevice, second);
            firstRun.join();
            secondRun.join();
            timer.shutdown();
            assertThat(timer.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
            check(firstRun.get(), first, seed);
            check(secondRun.get(), second, seed);
        }
    }

    /**
     * Disconnects a phone.
     *
     * @param closed connections, except those that were closed when an input was received
     */
    private record Cable(String name, DemoPhone phone, Random random, AtomicInteger closed) {
        String instruction() {
            return "tap " + TAPS + " points on the " + name + " phone";
        }

        void disconnectIn(int step, ScheduledExecutorService timer) {
            if (step % 2 == 0) {
                phone.faults().add("input tap", new Fault.Disconnect(random.nextBoolean()));
            } else {
                timer.schedule(
                        () -> closed.addAndGet(phone.disconnect()),
                        random.nextInt(MAX_DELAY_MILLIS),
                        TimeUnit.MILLISECONDS);
            }
        }
    }

    /** Each step taps another point. */
    private DemoReply reply(JsonNode request, Cable cable) {
        int step = DemoScript.repliesIn(request) + 1;
        if (step > TAPS) {
            return DemoReply.text(FINISH);
        }
        cable.disconnectIn(step, timer);
        return DemoReply.text("do(action=\"Tap\", element=[" + x(step) + ", 500])");
    }

    /** The thousandths of a step; on the screen, they are different pixels. */
    private static int x(int step) {
        return 2 * step;
    }

    private static String inputOf(int step) {
        return "input tap " + (int) (x(step) / 1000.0 * WIDTH) + " " + HEIGHT / 2;
    }

    private CompletableFuture<RunResult> run(Device target, Cable cable) {
        AutoGlmAgent agent = agentOn(target, settings())
                .limits(new Limits(TAPS + 1, null, null, null))
                .build();
        return CompletableFuture.supplyAsync(() -> agent.run(cable.instruction(), true));
    }

    private void check(RunResult result, Cable cable, long seed) throws Exception {
        assertThat(RunOutcome.of(result)).as(result + ", seed " + seed).isEqualTo(RunOutcome.SUCCEEDED);
        Recorded recorded = recorded(result);
        assertThat(recorded.steps())
                .extracting(Step::stepNumber)
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, TAPS + 1).boxed().toList());
        assertThat(recorded.ended().lastStepNumber()).isEqualTo(TAPS + 1);
        List<String> inputs = inputs(cable.phone);
        int unknown = 0;
        for (int step = 1; step <= TAPS; step++) {
            int sent = Collections.frequency(inputs, inputOf(step));
            Object outcome = recorded.step(step).actionResult();
            if (Boolean.TRUE.equals(recorded.step(step).success())) {
                assertThat(sent).as("step " + step + " of seed " + seed).isEqualTo(1);
            } else {
                assertThat(sent).as("step " + step + " of seed " + seed).isLessThanOrEqualTo(1);
                assertThat(outcome).asString().contains("outcome_unknown");
                unknown++;
            }
        }
        assertThat(unknown).as("unknown outcomes, seed " + seed).isGreaterThanOrEqualTo(TAPS / 2);
        assertThat(cable.closed).as("disconnects, seed " + seed).hasValueGreaterThanOrEqualTo(TAPS / 4);
    }
}
