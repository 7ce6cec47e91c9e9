package dev.steptrail.phone.autoglm;

import dev.steptrail.phone.device.Device;
import dev.steptrail.phone.device.DeviceException;
import dev.steptrail.phone.device.DeviceLostException;
import dev.steptrail.phone.device.ForegroundApp;
import dev.steptrail.phone.device.Screenshot;
import dev.steptrail.phone.model.ChatClient;
import dev.steptrail.phone.model.ChatException;
import dev.steptrail.phone.model.ChatInterruptedException;
import dev.steptrail.phone.model.ChatReply;
import dev.steptrail.stepformat.ModelCall;
import dev.steptrail.tracker.ActionResult;
import dev.steptrail.tracker.Decision;
import dev.steptrail.tracker.PhoneAgent;
import dev.steptrail.tracker.RunResult;
import dev.steptrail.tracker.Screen;
import dev.steptrail.tracker.StepTracker;
import dev.steptrail.tracker.TaskEndException;
import dev.steptrail.tracker.TaskInfo;
import dev.steptrail.tracker.TrackedTask;
import dev.steptrail.tracker.UnparseableReplyException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Operates a phone with an AutoGLM model, like the {@code PhoneAgent} of <a
 * href="https://github.com/zai-org/Open-AutoGLM">Open-AutoGLM</a>: with the same conversation, the same actions and the
 * same inputs to the phone. {@link RunOutcome#of} returns how a run ended.
 *
 * <p>It differs from Open-AutoGLM in these points:
 *
 * <ul>
 *   <li>The system message has another wording, unless {@link AutoGlmAgentBuilder#systemPrompt} sets it.
 *   <li>A reply that is not an action ends the task as failed, not as finished with the reply as its message.
 *   <li>If the user refuses an action, the task ends as cancelled.
 *   <li>A task ends as failed if the phone is lost or a limit is reached. {@code Wait} waits at most
 *       {@value #MAX_WAIT_SECONDS} s.
 * </ul>
 *
 * <p>Not thread-safe: an agent executes one task at a time. To cancel it, interrupt its thread.
 */
public final class AutoGlmAgent extends PhoneAgent {
    static final int MAX_WAIT_SECONDS = 60;

    private static final Duration MAX_WAIT = Duration.ofSeconds(MAX_WAIT_SECONDS);
    private static final int READ_ATTEMPTS = 3;

    private final Device device;
    private final ChatClient model;
    private final Limits limits;
    private final @Nullable TokenPrice price;
    private final SystemPrompt systemPrompt;
    private final AppTable apps;
    private final StepListener listener;
    private final Function<String, TaskInfo> tasks;
    private final ActionExecutor executor;

    // The state of the current task.
    private Conversation conversation;
    private TaskBudget budget;
    private long stepStart;
    private @Nullable Screenshot screenshot;
    private @Nullable StepProgress progress;

    AutoGlmAgent(AutoGlmAgentBuilder builder) {
        super(builder.tracker, builder.limits.steps());
        device = builder.device;
        model = builder.model;
        limits = builder.limits;
        price = builder.price;
        systemPrompt = builder.systemPrompt;
        apps = builder.apps;
        listener = builder.listener;
        tasks = builder.tasks;
        executor = new ActionExecutor(device, apps, builder.user, builder.waitAfterAction);
        conversation = new Conversation(systemPrompt);
        budget = new TaskBudget(limits, price);
    }

    /**
     * Returns a builder with defaults.
     *
     * @param tracker records the tasks; the caller closes it
     * @param device the phone; the caller closes it
     */
    public static AutoGlmAgentBuilder builder(StepTracker tracker, Device device, ChatClient model) {
        return new AutoGlmAgentBuilder(tracker, device, model);
    }

    /**
     * Returns what the model would do first. Takes a screenshot and asks the model once, but sends no input to the
     * phone and records nothing.
     *
     * @throws UnparseableReplyException if the model's reply is not an action
     */
    public Decision ask(String instruction)
            throws DeviceException, ChatException, UnparseableReplyException, InterruptedException {
        reset();
        observe();
        return decide(instruction, 1, currentApp());
    }

    /** Returns the tokens and the cost of the current or last task. */
    public Consumption consumption() {
        return budget.consumption();
    }

    @Override
    protected TaskInfo describe(String instruction) {
        TaskInfo task = tasks.apply(instruction);
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("max_steps", limits.steps());
        metadata.put("lang", SystemPrompt.Language.of(instruction).id);
        metadata.put("base_url", model.settings().baseUrl().toString());
        metadata.putAll(task.metadata());
        TaskInfo described = task.withMetadata(metadata);
        return described.deviceId() == null ? described.onDevice(device.serial()) : described;
    }

    @Override
    protected void started(String instruction, @Nullable TrackedTask task) {
        reset();
        if (task != null) {
            listener.started(task);
        }
    }

    @Override
    protected void ending(@Nullable TrackedTask task, RunResult result) {
        if (task != null) {
            listener.ending(task, result);
        }
    }

    @Override
    protected String outcomeOf(RunResult result) {
        return RunOutcome.of(result).wireName();
    }

    @Override
    protected void beforeStep(int stepNumber) throws TaskEndException {
        budget.check();
    }

    private void reset() {
        conversation = new Conversation(systemPrompt);
        budget = new TaskBudget(limits, price);
        stepStart = System.nanoTime();
    }

    @Override
    protected Screen observe() throws DeviceException, InterruptedException {
        stepStart = System.nanoTime(); // a step begins with its screen, which may be that after the previous action
        Screenshot captured = read(device::screenshot);
        screenshot = captured;
        return new Screen(captured.png(), captured.sensitive());
    }

    @Override
    protected Decision decide(String instruction, Screen screen, int stepNumber)
            throws TaskEndException, UnparseableReplyException, InterruptedException {
        String app;
        try {
            app = currentApp();
        } catch (DeviceException e) {
            throw RunOutcome.of(e).toException(String.valueOf(e.getMessage()), e);
        }
        Decision decision;
        try {
            decision = decide(instruction, stepNumber, app);
        } catch (ChatException e) {
            Decision received = received(e.received(), app);
            budget.checkTime(e, received);
            throw RunOutcome.MODEL_ERROR.toException(String.valueOf(e.getMessage()), e, received);
        } catch (ChatInterruptedException e) {
            throw RunOutcome.CANCELLED.toException(
                    "interrupted while waiting for the model", e, received(e.received(), app));
        }
        if (!decision.finished()) {
            budget.requireReportedTokens(decision);
        }
        listener.decided(Objects.requireNonNull(progress));
        return decision;
    }

    /** Asks the model, with the last screenshot. */
    private Decision decide(String instruction, int stepNumber, String app)
            throws ChatException, UnparseableReplyException, InterruptedException {
        Screenshot seen = Objects.requireNonNull(screenshot, "no screenshot was taken");
        conversation.addScreen(instruction, app, seen.png());
        ChatReply reply = model.complete(
                conversation.messages(), budget.remaining(model.settings().timeout()), listener::retrying);
        budget.add(reply.usage());
        List<Map<String, Object>> input = conversation.toRecord();
        ModelReply parts = ModelReply.of(reply.text());
        String thinking = parts.readableThinking();
        Decision decision;
        try {
            decision = decisionOf(ActionParser.parse(parts), thinking, reply, input, app);
        } catch (UnparseableReplyException e) {
            String truncated = reply.isTruncated()
                    ? " (truncated at " + model.settings().sampling().maxTokens() + " tokens)"
                    : "";
            throw new UnparseableReplyException(
                    e.getMessage() + truncated, decisionOf(Map.of(), thinking, reply, input, app));
        }
        conversation.addReply(parts);
        progress = new StepProgress(
                stepNumber,
                thinking,
                decision.action(),
                decision.finished(),
                app,
                seen,
                sinceStepStart(),
                reply.time(),
                reply.usage(),
                budget.consumption());
        return decision;
    }

    /** Returns what is known of a reply that is incomplete, and adds its tokens to the consumption. */
    private Decision received(ChatReply incomplete, String app) {
        if (!incomplete.text().isEmpty()) {
            budget.add(incomplete.usage());
        }
        return decisionOf(Map.of(), ModelReply.thinkingIn(incomplete.text()), incomplete, conversation.toRecord(), app);
    }

    private static Decision decisionOf(
            Map<String, Object> action, String thinking, ChatReply reply, List<?> input, String app) {
        boolean finished = ActionParser.FINISH.equals(action.get(ActionParser.METADATA));
        return new Decision(
                thinking,
                action,
                finished,
                finished ? String.valueOf(action.get("message")) : null,
                reply.timeToFirstToken(),
                reply.time(),
                new ModelCall(reply.usage(), input, reply.text()),
                app);
    }

    @Override
    protected ActionResult act(Map<String, Object> action, Screen screen)
            throws TaskEndException, InterruptedException {
        StepProgress decided = Objects.requireNonNull(progress);
        ActionResult result = executor.execute(action, decided.screen(), budget.remaining(MAX_WAIT));
        listener.acted(decided, result, sinceStepStart());
        return result;
    }

    private String currentApp() throws DeviceException, InterruptedException {
        ForegroundApp app = read(device::foregroundApp);
        return app.packageName() == null ? AppTable.UNKNOWN : apps.nameOf(app.packageName());
    }

    private interface Read<T> {
        T execute() throws DeviceException, InterruptedException;
    }

    /** Reads from the phone. A task must not fail because of a phone that is disconnected a few times. */
    private static <T> T read(Read<T> request) throws DeviceException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                return request.execute();
            } catch (DeviceLostException e) {
                throw e;
            } catch (DeviceException e) {
                if (attempt == READ_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private Duration sinceStepStart() {
        return Duration.ofNanos(System.nanoTime() - stepStart);
    }
}
