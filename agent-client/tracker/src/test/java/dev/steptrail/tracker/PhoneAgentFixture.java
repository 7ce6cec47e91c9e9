package dev.steptrail.tracker;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Provides an agent with a tracker and a new outbox. */
abstract class PhoneAgentFixture {
    static final int MAX_STEPS = 3;

    @TempDir
    Path folder;

    Path outbox;
    StepTracker tracker;

    @BeforeEach
    void open() {
        outbox = folder.resolve("outbox");
        tracker = StepTracker.builder(outbox).build();
    }

    @AfterEach
    void close() {
        tracker.close();
    }

    /** Taps once and finishes, unless a test overrides a method. */
    class Agent extends PhoneAgent {
        int observed;
        Callable<Decision> decision;
        Callable<ActionResult> action = ActionResult::succeeded;

        Agent() {
            this(MAX_STEPS);
        }

        Agent(int maxSteps) {
            super(tracker, maxSteps);
        }

        @Override
        protected Screen observe() throws Exception {
            observed++;
            return new Screen(Pngs.ofSize(observed, 1), observed == 1);
        }

        @Override
        protected Decision decide(String task, Screen screen, int stepNumber) throws Exception {
            if (decision != null) {
                return decision.call();
            }
            return stepNumber == 1
                    ? Decision.act("tap it", Map.of("action", "Tap")).timed(Duration.ofMillis(5), Duration.ofMillis(9))
                    : Decision.finish("all is well", "done");
        }

        @Override
        protected ActionResult act(Map<String, Object> action, Screen screen) throws Exception {
            return this.action.call();
        }
    }

    /** Returns an agent that decides so in each step. */
    Agent deciding(Callable<Decision> decision) {
        Agent agent = new Agent();
        agent.decision = decision;
        return agent;
    }

    /** Returns an agent whose actions have this result. */
    Agent acting(Callable<ActionResult> action) {
        Agent agent = new Agent();
        agent.action = action;
        return agent;
    }

    RecordedTask recorded(RunResult result) throws Exception {
        tracker.flush(Duration.ofSeconds(10));
        return RecordedTask.of(outbox, result.taskId());
    }
}
