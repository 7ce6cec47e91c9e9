package dev.steptrail.bench;

import dev.steptrail.bench.Measurement.Threshold;
import dev.steptrail.demophone.DemoModel;
import dev.steptrail.demophone.DemoPhone;
import dev.steptrail.demophone.DemoReply;
import dev.steptrail.demophone.DemoScript;
import dev.steptrail.phone.adb.AdbDevices;
import dev.steptrail.phone.adb.AdbSettings;
import dev.steptrail.phone.autoglm.AutoGlmAgent;
import dev.steptrail.phone.autoglm.Limits;
import dev.steptrail.phone.device.Device;
import dev.steptrail.phone.device.Screenshot;
import dev.steptrail.phone.model.ChatClient;
import dev.steptrail.phone.model.ChatMessage;
import dev.steptrail.phone.model.ModelSettings;
import dev.steptrail.stepformat.EndReason;
import dev.steptrail.tracker.RunResult;
import dev.steptrail.tracker.StepTracker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Measures what the on-device controller adds to the calls of the phone and the model. */
public final class PhoneBenchmark implements Benchmark {
    private static final int ROUNDS = 5;
    private static final int STEPS = 10;
    private static final int MAX_OWN_MILLIS = 150;
    private static final DemoReply TAP = DemoReply.text("I tap the slider.\ndo(action=\"Tap\", element=[500,309])")
            .withDelays(Duration.ofMillis(300), Duration.ofMillis(20));

    @Override
    public String description() {
        return "The time of a step of `AutoGlmAgent` on a simulated phone of 1080x2400 pixels, which takes 400 ms for a"
                + " screenshot and 150 ms for an input, with a simulated model that takes about 0.4 s. The agent does"
                + " not wait after actions. The steps are recorded in an outbox. The baseline makes the same calls of"
                + " `Device` and `ChatClient` in a loop, without an agent and without recording: a screenshot first,"
                + " and for each step the app in the foreground, the model with the last screenshot, a tap, and the next"
                + " screenshot.";
    }

    @Override
    public List<Measurement> run(Rounds rounds) throws Exception {
        Path folder = Files.createTempDirectory("bench-phone");
        AdbSettings settings = AdbSettings.fromEnvironment(Map.of()).withStateFolder(folder.resolve("state"));
        try (DemoPhone phone = DemoPhone.start(DemoPhone.Options.defaults());
                DemoModel server = DemoModel.start((DemoScript) request -> TAP);
                Device device = new AdbDevices(settings).connect("127.0.0.1", phone.port());
                StepTracker tracker = StepTracker.builder(folder.resolve("outbox"))
                        .shipping(false)
                        .build()) {
            ChatClient model = new ChatClient(ModelSettings.of(server.url(), DemoModel.NAME), null);
            AutoGlmAgent agent = AutoGlmAgent.builder(tracker, device, model)
                    .limits(Limits.DEFAULT.withSteps(STEPS))
                    .waitAfterAction(Duration.ZERO)
                    .build();
            double[] millis = rounds.measureMedians(
                    1,
                    ROUNDS,
                    () -> perStep(phone, () -> runAgent(agent)),
                    () -> perStep(phone, () -> callDirectly(device, model)));
            if (!tracker.stats().droppedSteps().isEmpty()) {
                throw new IllegalStateException(
                        "steps were dropped: " + tracker.stats().droppedSteps());
            }
            return List.of(new Measurement(
                    "a step", "the calls alone", millis[0], millis[1], "ms", Threshold.atMost(1, MAX_OWN_MILLIS)));
        } finally {
            TemporaryFolders.delete(folder);
        }
    }

    private interface Work {
        void run() throws Exception;
    }

    /** Returns the time of the work by step, and checks that both subjects send the same commands to the phone. */
    private static double perStep(DemoPhone phone, Work work) throws Exception {
        int before = phone.commands().size();
        long start = System.nanoTime();
        work.run();
        double millis = (System.nanoTime() - start) / 1e6 / STEPS;
        List<String> commands = phone.commands().stream()
                .skip(before)
                .map(DemoPhone.Command::line)
                .toList();
        List<String> expected = new ArrayList<>();
        expected.add("screencap -p");
        for (int step = 0; step < STEPS; step++) {
            expected.addAll(List.of("dumpsys window", "input tap 540 741", "screencap -p"));
        }
        if (!commands.equals(expected)) {
            throw new IllegalStateException("the phone received other commands: " + commands);
        }
        return millis;
    }

    private static void runAgent(AutoGlmAgent agent) {
        RunResult result = agent.run("Turn the volume up", true);
        if (result.endReason() != EndReason.MAX_STEPS) {
            throw new IllegalStateException("the task ended unexpectedly: " + result);
        }
    }

    private static void callDirectly(Device device, ChatClient model) throws Exception {
        Screenshot screenshot = device.screenshot();
        for (int step = 0; step < STEPS; step++) {
            device.foregroundApp();
            model.complete(List.of(
                    ChatMessage.system("Operate the phone."), ChatMessage.user("Tap the slider.", screenshot.png())));
            device.tap(540, 741);
            screenshot = device.screenshot();
        }
    }
}
