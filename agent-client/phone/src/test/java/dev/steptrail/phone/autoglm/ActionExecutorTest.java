package dev.steptrail.phone.autoglm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.phone.device.Device;
import dev.steptrail.phone.device.Screenshot;
import dev.steptrail.phone.device.TextInputException;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.tracker.ActionResult;
import dev.steptrail.tracker.TaskEndException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ActionExecutorTest {
    private final List<String> calls = new ArrayList<>();
    private UserInteraction user = UserInteraction.NONE;

    @Property(tries = 200)
    void execute_coordinates_areTruncatedThousandthsOfTheScreen(
            @ForAll @IntRange(max = 1000) int x,
            @ForAll @IntRange(max = 1000) int y,
            @ForAll @IntRange(min = 1, max = 4000) int width,
            @ForAll @IntRange(min = 1, max = 4000) int height)
            throws Exception {
        execute(Map.of("action", "Tap", "element", List.of(x, y)), width, height);

        // As Python's int(x / 1000 * width).
        assertThat(calls).containsExactly("tap " + (int) (x / 1000.0 * width) + " " + (int) (y / 1000.0 * height));
        calls.clear();
    }

    @Example
    void execute_aSwipe_takesLongerForALongerDistance_within1To2Seconds() throws Exception {
        execute(swipe(0, 0, 0, 500), 1000, 1000);
        execute(swipe(0, 0, 0, 999), 2000, 1200);
        execute(swipe(0, 0, 999, 999), 1080, 2400);

        assertThat(calls)
                .containsExactly("swipe 0 0 0 500 PT1S", "swipe 0 0 0 1198 PT1.435S", "swipe 0 0 1078 2397 PT2S");
    }

    @Example
    void execute_aLongPress_takesThreeSeconds() throws Exception {
        execute(Map.of("action", "Long Press", "element", List.of(500, 500)), 100, 100);

        assertThat(calls).containsExactly("longPress 50 50 PT3S");
    }

    @Example
    void execute_aLaunch_triesThePackagesOfTheName_untilOneIsInstalled() throws Exception {
        ActionResult result = execute(Map.of("action", "Launch", "app", "时钟"), 1, 1);

        assertThat(result.success()).isFalse();
        assertThat(calls)
                .containsExactly(
                        "launch com.android.deskclock",
                        "launch com.google.android.deskclock",
                        "launch com.sec.android.app.clockpackage");
    }

    @Example
    void execute_aTextThatThePhoneCannotType_fails() throws Exception {
        ActionResult result = execute(Map.of("action", "Type", "text", "你好"), 1, 1);

        assertThat(result).isEqualTo(ActionResult.failed("install ADB Keyboard"));
    }

    @Example
    void execute_aWait_hasADefaultOfOneSecond_andAMaximum() throws Exception {
        for (Object duration : List.of("2 seconds", "3", 1.5, "1 second", "2秒", "long", "NaN", "1e400", -5)) {
            ActionResult result = execute(Map.of("action", "Wait", "duration", duration), 1, 1);
            assertThat(result.success()).isTrue();
            assertThat(result.timings()).containsOnlyKeys("wait");
            assertThat(result.message()).isEqualTo(duration.equals(-5) ? null : "shortened to 0.01 s");
        }
    }

    @Example
    void execute_interruptedInAWait_endsEarly_andHasSucceeded() throws Exception {
        Thread.currentThread().interrupt();
        ActionResult waited = execute(Map.of("action", "Wait", "duration", "50 seconds"), 1, 1);
        assertThat(waited.success()).isTrue();
        assertThat(waited.message()).matches("interrupted after 0\\.\\d+ s");

        ActionResult tapped = execute(Map.of("action", "Tap", "element", List.of(1, 1)), 1, 1);
        assertThat(tapped.success()).isTrue();
        assertThat(Thread.interrupted()).isTrue();
    }

    @Example
    void execute_interruptedWhileTheUserIsAsked_sendsNothing_andCancelsTheTask() {
        user = new UserInteraction() {
            @Override
            public Answer confirm(String message) throws InterruptedException {
                throw new InterruptedException();
            }

            @Override
            public Answer takeOver(String message) {
                return Answer.YES;
            }
        };

        assertThatThrownBy(() -> execute(Map.of("action", "Tap", "element", List.of(1, 1), "message", "Pay"), 1, 1))
                .isInstanceOfSatisfying(
                        TaskEndException.class, end -> assertThat(end.status()).isEqualTo(TaskStatus.CANCELLED))
                .hasMessage("interrupted while the user was asked to confirm: Pay");
        assertThat(calls).isEmpty();
    }

    private static Map<String, Object> swipe(int fromX, int fromY, int toX, int toY) {
        return Map.of("action", "Swipe", "start", List.of(fromX, fromY), "end", List.of(toX, toY));
    }

    private ActionResult execute(Map<String, Object> action, int width, int height) throws Exception {
        Device device = (Device) Proxy.newProxyInstance(
                Device.class.getClassLoader(), new Class<?>[] {Device.class}, (proxy, method, arguments) -> {
                    calls.add(method.getName() + " "
                            + String.join(
                                    " ",
                                    Arrays.stream(arguments)
                                            .map(Object::toString)
                                            .toList()));
                    if (method.getName().equals("typeText")) {
                        throw new TextInputException("install ADB Keyboard");
                    }
                    return method.getReturnType() == boolean.class ? false : null;
                });
        return new ActionExecutor(device, AppTable.builtIn(), user, Duration.ZERO)
                .execute(action, new Screenshot(new byte[0], width, height, false), Duration.ofMillis(10));
    }
}
