package dev.steptrail.stepformat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InterruptsTest {
    @Test
    void sigint_endsAProcess_thatWasStartedWithItIgnored() throws Exception {
        assertThat(exitCode(List.of())).isZero();
        assertThat(exitCode(Interrupts.RESTORED)).isEqualTo(128 + 2);
    }

    /** Returns the exit code of a shell that sends SIGINT to itself and then ends with 0. Its parent ignores SIGINT. */
    private static int exitCode(List<String> prefix) throws Exception {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "trap '' INT; exec \"$@\"", "sh"));
        command.addAll(prefix);
        command.addAll(List.of("sh", "-c", "kill -INT $$; exit 0"));
        Process process = new ProcessBuilder(command).inheritIO().start();
        return process.waitFor();
    }
}
