package dev.steptrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.shipper.fixture.Screens;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Where the progress of a drain is drawn: on a terminal, as the start script says by a system property, and nowhere else. */
@Isolated("its terminal is one for the whole process")
class ProgressIT extends RunsImport {
    private static final String TERMINAL = "steptrail.terminal";

    @BeforeEach
    @AfterEach
    void noTerminal() {
        System.clearProperty(TERMINAL);
    }

    @Test
    void onATerminal_itIsDrawnOnStandardErrorAlone_andGoneAtTheEnd() throws Exception {
        System.setProperty(TERMINAL, "true");
        write();
        assertDrawn(run(aws.environment(), "ship", "--once", "--outbox", outbox.toString()));
        assertDrawn(importing(Screens.sample("flight-launch-failed")));
    }

    @Test
    void inAPipe_orWhereItIsNotWanted_nothingIsWrittenThatSteersATerminal() throws Exception {
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
