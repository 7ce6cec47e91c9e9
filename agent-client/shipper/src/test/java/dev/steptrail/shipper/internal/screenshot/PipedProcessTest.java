package dev.steptrail.shipper.internal.screenshot;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.shipper.internal.screenshot.PipedProcess.ProcessTimeoutException;
import dev.steptrail.shipper.internal.screenshot.PipedProcess.RejectedInputException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs sh")
class PipedProcessTest {
    private static final byte[] LARGE = new byte[1 << 20];

    @Test
    void output_isReturned() throws IOException {
        assertThat(new String(run("wc -c"), US_ASCII).strip()).isEqualTo("1048576");
    }

    @Test
    void rejection_isDistinguishedFromCrash() {
        assertThatThrownBy(() -> run("cat >/dev/null; exit 255")).isInstanceOf(RejectedInputException.class);
        assertThatThrownBy(() -> run("exit 1")).isInstanceOf(RejectedInputException.class);
        assertThatThrownBy(() -> run("kill -9 $$"))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(RejectedInputException.class)
                .hasMessage("sh was killed by a signal (exit code 137)");
        assertThatThrownBy(() -> PipedProcess.run(List.of("/no/such/program"), LARGE))
                .isNotInstanceOf(RejectedInputException.class)
                .hasMessageContaining("/no/such/program");
    }

    @Test
    void programThatReadsNothing_isAnError() {
        assertThatThrownBy(() -> run("exit 0"))
                .isNotInstanceOf(RejectedInputException.class)
                .hasMessage("sh did not read the screenshot");
    }

    /** Programs that read nothing, that read everything, and whose child process keeps the output open. */
    @ParameterizedTest
    @ValueSource(strings = {"exec sleep 300", "cat >/dev/null; exec sleep 300", "cat >/dev/null; sleep 300; exit 1"})
    @Timeout(60)
    void hangingProgram_isKilled_andIsNotARejection(String script) {
        String mark = "steptrail-" + UUID.randomUUID();

        assertThatThrownBy(() -> PipedProcess.run(List.of("sh", "-c", script, mark), LARGE, Duration.ofMillis(300)))
                .isInstanceOf(ProcessTimeoutException.class)
                .hasMessageStartingWith("sh did not exit within ");
        assertThat(ProcessHandle.current().descendants())
                .noneMatch(process -> process.info().commandLine().orElse("").contains(mark));
    }

    @Test
    void environment_onlyPathIsInherited() throws IOException {
        String environment = new String(run("cat >/dev/null; env"), US_ASCII);

        assertThat(environment.lines().map(line -> line.replaceFirst("=.*", "")))
                .contains("PATH")
                // The shell sets the last four.
                .isSubsetOf("PATH", "TEMP", "TMP", "PWD", "OLDPWD", "SHLVL", "_");
    }

    private static byte[] run(String script) throws IOException {
        return PipedProcess.run(List.of("sh", "-c", script), LARGE);
    }
}
