package dev.steptrail.localcloud.demo;

import dev.steptrail.tracker.ActionResult;
import dev.steptrail.tracker.Decision;
import dev.steptrail.tracker.PhoneAgent;
import dev.steptrail.tracker.Screen;
import dev.steptrail.tracker.StepTracker;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** Replays a {@link DemoScript}: its decisions instead of a model's, its screens and results instead of a phone's. */
final class DemoAgent extends PhoneAgent {
    private final DemoScript script;
    private final Map<String, byte[]> screens = new HashMap<>(); // a screen is observed several times
    private int current;

    DemoAgent(StepTracker tracker, DemoScript script) {
        super(tracker, script.steps().size());
        this.script = script;
    }

    @Override
    protected Screen observe() throws IOException {
        String name = script.steps().get(current).screen();
        byte[] png = screens.get(name);
        if (png == null) {
            png = DemoScript.png(name);
            screens.put(name, png);
        }
        return new Screen(png, false);
    }

    @Override
    protected Decision decide(String task, Screen screen, int stepNumber) {
        DemoScript.Step step = script.steps().get(current);
        boolean finished = "finish".equals(step.action().get("_metadata"));
        return finished
                ? Decision.finish(step.thinking(), String.valueOf(step.action().get("message")))
                : Decision.act(step.thinking(), step.action());
    }

    @Override
    protected ActionResult act(Map<String, Object> action, Screen screen) {
        String error = script.steps().get(current).error();
        current++;
        return error == null ? ActionResult.succeeded() : ActionResult.failed(error);
    }
}
