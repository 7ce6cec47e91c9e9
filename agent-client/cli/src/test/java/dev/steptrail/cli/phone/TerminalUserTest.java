package dev.steptrail.cli.phone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.phone.autoglm.UserInteraction;
import dev.steptrail.phone.autoglm.UserInteraction.Answer;
import java.io.ByteArrayInputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TerminalUserTest {
    private final StringWriter err = new StringWriter();

    private UserInteraction answering(String line) {
        return new TerminalUser(new ByteArrayInputStream(line.getBytes(UTF_8)), new PrintWriter(err, true));
    }

    @ParameterizedTest
    @CsvSource({"y, YES", "YES, YES", "n, NO", "'', NO", "是, NO"})
    void confirm_isRefusedUnlessTheUserSaysYes(String line, Answer answer) throws Exception {
        assertThat(answering(line + "\n").confirm("Pay \u001b[2J100")).isEqualTo(answer);
        assertThat(err.toString()).contains("Pay ?[2J100").contains("[y/N]");
    }

    @ParameterizedTest
    @CsvSource({"'', YES", "y, YES", "n, NO", "stop, NO"})
    void takeOver_continuesUnlessTheUserRefuses(String line, Answer answer) throws Exception {
        assertThat(answering(line + "\n").takeOver("Sign in")).isEqualTo(answer);
    }

    @Test
    void overlongLine_isNoAnswer() throws Exception {
        assertThat(answering("y".repeat(5_000)).confirm("Pay")).isEqualTo(Answer.UNAVAILABLE);
    }

    @Test
    void withoutTerminal_nobodyCanBeAsked() throws Exception {
        UserInteraction user = TerminalUser.of(new ByteArrayInputStream(new byte[0]), new PrintWriter(err));

        assertThat(user.confirm("Pay")).isEqualTo(Answer.UNAVAILABLE);
        assertThat(user.takeOver("Sign in")).isEqualTo(Answer.UNAVAILABLE);
    }

    @Test
    void interruption_endsTheQuestion() throws Exception {
        try (PipedOutputStream keyboard = new PipedOutputStream();
                PipedInputStream in = new PipedInputStream(keyboard)) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> new TerminalUser(in, new PrintWriter(err)).confirm("Pay"))
                    .isInstanceOf(InterruptedException.class);
        }
    }
}
