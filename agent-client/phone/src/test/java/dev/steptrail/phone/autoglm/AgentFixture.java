package dev.steptrail.phone.autoglm;

import dev.steptrail.demophone.DemoModel;
import dev.steptrail.demophone.DemoPhone;
import dev.steptrail.demophone.DemoReply;
import dev.steptrail.demophone.DemoScript;
import dev.steptrail.phone.adb.AdbDevices;
import dev.steptrail.phone.adb.AdbSettings;
import dev.steptrail.phone.adb.AdbTimeouts;
import dev.steptrail.phone.autoglm.UserInteraction.Answer;
import dev.steptrail.phone.device.Device;
import dev.steptrail.phone.model.ChatClient;
import dev.steptrail.phone.model.ModelSettings;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.tracker.RunResult;
import dev.steptrail.tracker.StepTracker;
import dev.steptrail.tracker.internal.outbox.Outbox;
import dev.steptrail.tracker.internal.outbox.OutboxLine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A simulated phone, a simulated model and an outbox. */
abstract class AgentFixture {
    static final int WIDTH = 540;
    static final int HEIGHT = 1200;
    static final String FINISH = "All is done.\nfinish(message=\"done\")";

    @TempDir
    Path folder;

    StepTracker tracker;
    DemoPhone phone;
    Device device;
    DemoModel model;

    @BeforeEach
    void open() throws Exception {
        tracker = StepTracker.builder(folder.resolve("outbox"))
                .recordModelCalls(true)
                .shipping(false)
                .build();
        phone = startPhone();
        device = connect(phone);
    }

    @AfterEach
    void close() {
        device.close();
        phone.close();
        if (model != null) {
            model.close();
        }
        tracker.close();
    }

    /** A small screen is drawn faster than that of a real phone. */
    DemoPhone startPhone() throws IOException {
        return startPhone(WIDTH, HEIGHT, 210);
    }

    static DemoPhone startPhone(int width, int height, int density) throws IOException {
        return DemoPhone.start(
                DemoPhone.Options.defaults().screen(width, height, density).delays(DemoPhone.Delays.NONE));
    }

    Device connect(DemoPhone target) throws Exception {
        AdbSettings settings = AdbSettings.fromEnvironment(Map.of("HOME", folder.toString()))
                .withKeyboardWait(Duration.ZERO)
                .withTimeouts(AdbTimeouts.DEFAULT.withReconnect(Duration.ofSeconds(1)));
        return new AdbDevices(settings).connect("127.0.0.1", target.port());
    }

    /** Returns an agent whose model gives these replies, in order: texts or {@link DemoReply}. */
    AutoGlmAgentBuilder agent(Object... replies) throws IOException {
        return agent(DemoScript.inOrder(Arrays.stream(replies)
                .map(reply -> reply instanceof String text ? DemoReply.text(text) : (DemoReply) reply)
                .toList()));
    }

    AutoGlmAgentBuilder agent(DemoScript script) throws IOException {
        model = DemoModel.start(script);
        return agentOn(device, settings());
    }

    AutoGlmAgentBuilder agentOn(Device target, ModelSettings settings) {
        return AutoGlmAgent.builder(tracker, target, new ChatClient(settings, null))
                .waitAfterAction(Duration.ZERO);
    }

    ModelSettings settings() {
        return ModelSettings.of(model.url(), "autoglm-phone-9b").withRetries(2, Duration.ofMillis(1));
    }

    /** The commands that change something on the phone. */
    static List<String> inputs(DemoPhone target) {
        return target.commands().stream()
                .map(DemoPhone.Command::line)
                .filter(line -> Stream.of("input ", "am ", "ime set", "monkey ").anyMatch(line::startsWith))
                .toList();
    }

    record Recorded(TaskStarted started, List<Step> steps, TaskEnded ended) {
        Step step(int number) {
            return steps.get(number - 1);
        }
    }

    Recorded recorded(RunResult result) throws Exception {
        tracker.flush(Duration.ofSeconds(10));
        List<StepRecord> records = new ArrayList<>();
        for (OutboxLine line : Outbox.open(folder.resolve("outbox"))
                .task(result.taskId())
                .orElseThrow()
                .linesFrom(0, Integer.MAX_VALUE)) {
            records.add(RecordCodec.decode(line.json()));
        }
        return new Recorded(
                (TaskStarted) records.get(0),
                records.stream()
                        .filter(Step.class::isInstance)
                        .map(Step.class::cast)
                        .toList(),
                (TaskEnded) records.get(records.size() - 1));
    }

    /** Gives the same answer to each question. */
    static final class User implements UserInteraction {
        private final Answer answer;
        final List<String> asked = new ArrayList<>();

        User(Answer answer) {
            this.answer = answer;
        }

        @Override
        public Answer confirm(String message) {
            asked.add("confirm: " + message);
            return answer;
        }

        @Override
        public Answer takeOver(String message) {
            asked.add("take over: " + message);
            return answer;
        }
    }
}
