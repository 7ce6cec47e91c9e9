package dev.steptrail.cli.phone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RunProgressTest {
    private static final String TERMINAL = "steptrail.terminal";
    private static final String COLUMNS = "steptrail.columns";

    @BeforeEach
    void attachTerminal() {
        System.setProperty(TERMINAL, "true");
        System.setProperty(COLUMNS, "60");
    }

    @AfterEach
    void detachTerminal() {
        System.clearProperty(TERMINAL);
        System.clearProperty(COLUMNS);
    }

    @Test
    void retrying_showsTheAttempt_onOneLine() {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        RunProgress progress = new RunProgress(new PrintWriter(out), new PrintWriter(err), null);

        progress.retrying("attempt 2 of 5: the model's server failed (HTTP 500:\nout of memory)");

        assertThat(err)
                .asString()
                .contains("step 1  attempt 2 of 5: the model's server failed (HTTP 50…")
                .doesNotContain("\n");
        assertThat(out).asString().isEmpty();
    }
}
