package dev.steptrail.phone.adb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.demophone.DemoPhone;
import dev.steptrail.phone.device.Device;
import dev.steptrail.phone.device.DeviceInUseException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process is killed while ADB Keyboard is selected. Until then, no other process can open the phone; the next one
 * restores the user's keyboard.
 */
@Timeout(120)
class KilledWhileTypingIT {
    @TempDir
    private Path state;

    @Test
    void open_afterTheProcessWasKilled_restoresTheKeyboard() throws Exception {
        try (DemoPhone phone = DemoPhone.start(DemoPhone.Options.defaults().delays(DemoPhone.Delays.NONE))) {
            String port = Integer.toString(phone.port());
            Process typing = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            KilledWhileTypingIT.class.getName(),
                            port,
                            state.toString())
                    .inheritIO()
                    .start();
            while (phone.commands().stream().noneMatch(command -> command.line().startsWith("am broadcast"))) {
                assertThat(typing.isAlive()).isTrue();
                Thread.sleep(20);
            }
            assertThatThrownBy(() -> connect(port, state))
                    .isInstanceOf(DeviceInUseException.class)
                    .hasMessageContaining("in use by process " + typing.pid());

            typing.destroyForcibly().waitFor();

            try (Device next = connect(port, state)) {
                assertThat(next.info().keyboard()).isEqualTo("com.android.inputmethod.latin/.LatinIME");
            }
        }
    }

    /** Types a text, with waits that do not end before the process is killed. */
    public static void main(String[] arguments) throws Exception {
        try (Device device = connect(arguments[0], Path.of(arguments[1]))) {
            device.typeText("never typed");
        }
    }

    private static Device connect(String port, Path state) throws Exception {
        return new AdbDevices(AdbSettings.fromEnvironment(Map.of("HOME", state.toString()))
                        .withKeyboardWait(Duration.ofMinutes(10)))
                .connect("127.0.0.1", Integer.parseInt(port));
    }
}
