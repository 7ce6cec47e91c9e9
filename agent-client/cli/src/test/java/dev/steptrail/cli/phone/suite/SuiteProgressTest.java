package dev.steptrail.cli.phone.suite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.cli.phone.run.OpenPhone;
import dev.steptrail.cli.phone.suite.SuiteJournal.TaskKey;
import dev.steptrail.phone.autoglm.RunOutcome;
import dev.steptrail.phone.device.Device;
import dev.steptrail.stepformat.VerdictValue.Label;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("changes system properties of the process")
class SuiteProgressTest {
    private static final String TERMINAL = "steptrail.terminal";
    private static final String COLUMNS = "steptrail.columns";
    private static final UUID TASK = UUID.fromString("0190163d-8694-739b-aea5-966c26f8ad91");
    private static final TaskKey KEY = new TaskKey("x", 1, null);
    private static final TaskKey OTHER = new TaskKey("y", 2, null);

    private final List<String> lines = new ArrayList<>();
    private final List<String> errors = new ArrayList<>();
    private final StringWriter terminal = new StringWriter();
    private final OpenPhone a = phone("a");
    private final OpenPhone b = phone("b");

    @BeforeEach
    void attachTerminal() {
        System.setProperty(TERMINAL, "true");
    }

    @AfterEach
    void detachTerminal() {
        System.clearProperty(TERMINAL);
        System.clearProperty(COLUMNS);
    }

    private static OpenPhone phone(String name) {
        Device device = (Device) Proxy.newProxyInstance(
                Device.class.getClassLoader(), new Class<?>[] {Device.class}, (proxy, method, arguments) -> {
                    throw new UnsupportedOperationException(method.getName());
                });
        return new OpenPhone(name, device, null);
    }

    private SuiteProgress progress(Function<UUID, @Nullable String> urls) {
        return new SuiteProgress(lines::add, errors::add, new PrintWriter(terminal), urls, 3);
    }

    private static TaskResult result(RunOutcome outcome, @Nullable String message) {
        return new TaskResult(TASK, "a", outcome, 1, Duration.ofSeconds(2), message, null, null, null);
    }

    /** Returns what the terminal shows, and forgets it. */
    private String shown() {
        String[] shown = terminal.toString().split("\u001b\\[K\r?");
        terminal.getBuffer().setLength(0);
        return shown[shown.length - 1].replace("\r", "");
    }

    @Test
    void failedTaskWithoutEvaluator_isExplainedByItsMessage_andNamed() {
        SuiteProgress progress = progress(task -> null);
        progress.started(KEY, a);
        progress.ended(KEY, a, result(RunOutcome.STEP_LIMIT, "not finished\nwithin 1 step"));
        progress.ended(OTHER, a, result(RunOutcome.SUCCEEDED, null));
        progress.ended(OTHER, a, result(RunOutcome.SUCCEEDED, "message").judged(Label.UNCLEAR, "reason"));

        assertThat(lines)
                .containsExactly(
                        "[1/3] x #1 on a: fail, 1 step, 2.0 s (not finished within 1 step)",
                        "  task " + TASK,
                        "[2/3] y #2 on a: pass, 1 step, 2.0 s",
                        "[3/3] y #2 on a: unclear, 1 step, 2.0 s (reason)",
                        "  task " + TASK);
    }

    @Test
    void failedTask_hasItsAddressInTheViewer() {
        progress(task -> "https://lab/tasks/" + task).ended(KEY, a, result(RunOutcome.FAILED, null));

        assertThat(lines).endsWith("  task https://lab/tasks/" + TASK);
    }

    @Test
    void longMessage_isTruncated() {
        progress(task -> null).ended(KEY, a, result(RunOutcome.SUCCEEDED, "m".repeat(10_000)));

        assertThat(lines).singleElement().asString().endsWith("mmm…)").hasSizeLessThan(400);
    }

    @Test
    void runningTasks_areAllShown() {
        SuiteProgress progress = progress(task -> null);
        progress.started(KEY, a);
        assertThat(shown()).isEqualTo("x #1 on a");
        progress.started(OTHER, b);
        assertThat(shown()).isEqualTo("2 running: x #1 on a, y #2 on b");
        progress.stopped(b, "lost");
        assertThat(shown()).as("after an error").isEqualTo("2 running: x #1 on a, y #2 on b");

        progress.ended(KEY, a, null);
        assertThat(shown()).isEqualTo("y #2 on b");
        progress.ended(OTHER, b, null);
        assertThat(shown()).isEmpty();
        assertThat(lines).containsExactly("x #1 on a: interrupted", "y #2 on b: interrupted");
        assertThat(errors).containsExactly("b gets no further tasks: lost");
    }

    @Test
    void runningTasks_fitIntoTheTerminal() {
        System.setProperty(COLUMNS, "20");
        SuiteProgress progress = progress(task -> null);
        progress.started(KEY, a);
        progress.started(OTHER, b);

        assertThat(shown()).isEqualTo("2 running: x #1 on…");
    }
}
