package dev.steptrail.cli.phone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.phone.autoglm.UserInteraction;
import dev.steptrail.phone.autoglm.UserInteraction.Answer;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TerminalUserTest {
    private final StringWriter err = new StringWriter();

    /** Returns a user who types {@code before} before the first question, and {@code after} when it is asked. */
    private UserInteraction typing(String before, String after) {
        InputStream keyboard = new ByteArrayInputStream((before + after).getBytes(UTF_8)) {
            @Override
            public synchronized int available() {
                return Math.max(0, before.getBytes(UTF_8).length - pos);
            }
        };
        return new TerminalUser(keyboard, new PrintWriter(err, true));
    }

    @ParameterizedTest
    @CsvSource({"yes, YES", "' YES ', YES", "y, NO", "n, NO", "'', NO", "是, NO", "yes please, NO"})
    void confirm_isRefusedUnlessTheUserTypesYes(String line, Answer answer) throws Exception {
        assertThat(typing("", line + "\n").confirm("Pay \u001b[2J100")).isEqualTo(answer);
        assertThat(err.toString()).contains("Pay ?[2J100").endsWith("Type yes to allow it: ");
    }

    @ParameterizedTest
    @CsvSource({"'', YES", "y, YES", "n, NO", "No, NO", "stop, NO"})
    void takeOver_continuesUnlessTheUserRefuses(String line, Answer answer) throws Exception {
        assertThat(typing("", line + "\n").takeOver("Sign in")).isEqualTo(answer);
    }

    @Test
    void lineTypedBeforeTheQuestion_isNoAnswer() throws Exception {
        assertThat(typing("yes\nyes\n", "no\n").confirm("Pay")).isEqualTo(Answer.NO);
    }

    @Test
    void endOfInput_isNoAnswer() throws Exception {
        assertThat(typing("", "").confirm("Pay")).isEqualTo(Answer.UNAVAILABLE);
        assertThat(typing("", "yes").takeOver("Sign in")).isEqualTo(Answer.UNAVAILABLE);
    }

    @Test
    void overlongLine_isNoAnswer() throws Exception {
        assertThat(typing("", "y".repeat(5_000)).confirm("Pay")).isEqualTo(Answer.UNAVAILABLE);
    }

    @Test
    void withoutTerminal_questionsHaveNoAnswer() throws Exception {
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
