package dev.steptrail.shipper.screenshot;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.shipper.screenshot.PipedProgram.RefusedException;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "there is no sh")
class PipedProgramTest {
    private static final byte[] LARGE = new byte[1 << 20];

    @Test
    void whatComesOut_isWhatTheProgramMakes() throws IOException {
        assertThat(new String(run("wc -c"), US_ASCII).strip()).isEqualTo("1048576");
    }

    @Test
    void aProgramThatRefuses_isToldFromOneThatDies() {
        assertThatThrownBy(() -> run("cat >/dev/null; exit 255")).isInstanceOf(RefusedException.class);
        assertThatThrownBy(() -> run("exit 1")).isInstanceOf(RefusedException.class);
        assertThatThrownBy(() -> run("kill -9 $$"))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(RefusedException.class)
                .hasMessage("sh died with exit code 137");
        assertThatThrownBy(() -> PipedProgram.run(List.of("/no/such/program"), LARGE))
                .isNotInstanceOf(RefusedException.class)
                .hasMessageContaining("/no/such/program");
    }

    @Test
    void aProgramThatReadsNothing_madeNothingOfThePicture() {
        assertThatThrownBy(() -> run("exit 0"))
                .isNotInstanceOf(RefusedException.class)
                .hasMessage("sh did not read the picture");
    }

    private static byte[] run(String script) throws IOException {
        return PipedProgram.run(List.of("sh", "-c", script), LARGE);
    }
}
