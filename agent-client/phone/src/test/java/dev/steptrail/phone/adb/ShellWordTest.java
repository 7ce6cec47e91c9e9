package dev.steptrail.phone.adb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The property runs the words through the {@code sh} of this machine. */
class ShellWordTest {
    /** A function of the shell that writes what the commands type. */
    private static final String KEYS = """
            input() {
              command=$1
              shift
              for argument; do
                case "$command $argument" in
                  "keyevent KEYCODE_ENTER") printf '\\n\\0' ;;
                  "keyevent KEYCODE_TAB") printf '\\t\\0' ;;
                  *) printf '%s\\0' "$argument" ;;
                esac
              done
            }
            """;

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "com.android.settings, com.android.settings",
                "com.android.adbkeyboard/.AdbIME, com.android.adbkeyboard/.AdbIME",
                "a b, 'a b'",
                "it's, 'it'\\''s'",
                "$(reboot), '$(reboot)'",
                "a;b, 'a;b'",
                "设置, '设置'",
                "\"\", ''",
                "~, '~'"
            })
    void quote_quotesWordsWithOtherCharacters(String text, String word) {
        assertThat(ShellWord.quote(text)).isEqualTo(word);
    }

    @Test
    void quote_nul_isRejected() {
        assertThatThrownBy(() -> ShellWord.quote("a\0b")).isInstanceOf(IllegalArgumentException.class);
    }

    @Property(tries = 60)
    void quote_wordsOfAllOfUnicode_comeBackFromTheShell(@ForAll("texts") List<String> texts) throws Exception {
        String command =
                "printf '%s\\0' " + texts.stream().map(ShellWord::quote).collect(Collectors.joining(" "));

        assertThat(runInShell(command)).isEqualTo(texts);
    }

    @Property(tries = 60)
    void commands_typedText_comesBackFromTheShell(@ForAll("ascii") String text) throws Exception {
        String commands = String.join("\n", InputText.commands(text));

        List<String> typed = runInShell(KEYS + commands);

        assertThat(typed.stream().map(ShellWordTest::asAndroidTypes).collect(Collectors.joining()))
                .isEqualTo(text);
    }

    @Provide
    static Arbitrary<List<String>> texts() {
        Arbitrary<String> special = Arbitraries.strings()
                .withChars("'\"\\$`!*?[]{}()<>|&;#~%=^ \t\r\n-")
                .ofMaxLength(20);
        Arbitrary<String> any = Arbitraries.integers()
                .between(1, Character.MAX_CODE_POINT)
                .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
                .list()
                .ofMaxSize(20)
                .map(list -> list.stream().map(Character::toString).collect(Collectors.joining()));
        return Arbitraries.oneOf(special, any).list().ofMinSize(1).ofMaxSize(50);
    }

    @Provide
    static Arbitrary<String> ascii() {
        return Arbitraries.oneOf(
                Arbitraries.strings().withCharRange(' ', '~').withChars('\n', '\t'),
                Arbitraries.strings().withChars("\n\ta").ofMaxLength(300),
                Arbitraries.strings().withChars("%s '\\").ofMaxLength(12),
                Arbitraries.strings().withChars("%sa").ofMinLength(498).ofMaxLength(1010));
    }

    /** Replaces {@code %s} by a space, as {@code sendText} of AOSP's {@code InputShellCommand} does. */
    private static String asAndroidTypes(String argument) {
        StringBuilder text = new StringBuilder(argument);
        boolean escape = false;
        for (int i = 0; i < text.length(); i++) {
            if (escape) {
                escape = false;
                if (text.charAt(i) == 's') {
                    text.setCharAt(i, ' ');
                    text.deleteCharAt(--i);
                }
            }
            if (text.charAt(i) == '%') {
                escape = true;
            }
        }
        return text.toString();
    }

    /** Returns the words that the commands have written, each ended by U+0000. */
    private static List<String> runInShell(String commands) throws IOException, InterruptedException {
        Process shell = new ProcessBuilder("sh").redirectErrorStream(true).start();
        try (var input = shell.getOutputStream()) {
            input.write(commands.getBytes(StandardCharsets.UTF_8));
        }
        String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor()).as(output).isZero();
        return output.isEmpty()
                ? List.of()
                : List.of(output.substring(0, output.length() - 1).split("\0", -1));
    }
}
