package dev.steptrail.localcloud.demo;

import dev.steptrail.tracker.ActionResult;
import dev.steptrail.tracker.Decision;
import dev.steptrail.tracker.PhoneAgent;
import dev.steptrail.tracker.Screen;
import dev.steptrail.tracker.StepTracker;
import java.time.Clock;
import java.time.ZoneId;
import java.util.Map;

/** An agent that follows a script instead of a model, on a phone that is simulated; all the rest is as with a real one. */
final class DemoAgent extends PhoneAgent {
    private final Script script;
    private final SimulatedPhone phone = new SimulatedPhone(Clock.system(ZoneId.systemDefault()));
    private final PhoneActions actions = new PhoneActions(phone, pause -> {});

    DemoAgent(StepTracker tracker, Script script) {
        super(tracker, script.steps().size());
        this.script = script;
    }

    @Override
    protected Screen observe() {
        return new Screen(phone.screenshot(), false);
    }

    @Override
    protected Decision decide(String task, Screen screen, int stepNumber) {
        Script.Step step = script.steps().get(stepNumber - 1);
        boolean finished = "finish".equals(step.action().get("_metadata"));
        return finished
                ? Decision.finish(step.thinking(), String.valueOf(step.action().get("message")))
                : Decision.act(step.thinking(), step.action());
    }

    @Override
    protected ActionResult act(Map<String, Object> action, Screen screen) {
        return actions.execute(action);
    }
}
