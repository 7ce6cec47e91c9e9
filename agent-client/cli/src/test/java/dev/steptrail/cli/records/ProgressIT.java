package dev.steptrail.cli.records;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.shipper.fixture.Screens;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Progress is shown only on a terminal, which the start script reports by a system property. */
@Isolated("changes a system property of the process")
class ProgressIT extends ImportTestBase {
    private static final String TERMINAL = "steptrail.terminal";

    @BeforeEach
    @AfterEach
    void noTerminal() {
        System.clearProperty(TERMINAL);
    }

    @Test
    void terminal_showsProgressOnStandardError_andRemovesItAtTheEnd() throws Exception {
        System.setProperty(TERMINAL, "true");
        write();
        assertDrawn(run(aws.environment(), "ship", "--once", "--outbox", outbox.toString()));
        assertDrawn(importing(Screens.sample("flight-launch-failed")));
    }

    @Test
    void pipeOrDisabled_writesNoControlCharacters() throws Exception {
        write();
        assertQuiet(run(aws.environment(), "ship", "--once", "--outbox", outbox.toString()));
        assertQuiet(importing(Screens.sample("flight-launch-failed")));

        System.setProperty(TERMINAL, "true");
        write();
        assertQuiet(run(aws.environment(), "ship", "--once", "--no-progress", "--outbox", outbox.toString()));
        assertQuiet(importing(Screens.sample("flight-launch-failed"), "--no-progress"));
    }

    private static void assertDrawn(Run run) {
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).doesNotContain("\r", "\u001b");
        assertThat(run.err()).startsWith("\r[").contains(" steps  ").endsWith("\r\u001b[K");
    }

    private static void assertQuiet(Run run) {
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).doesNotContain("\r", "\u001b");
        assertThat(run.err()).isEmpty();
    }
}
