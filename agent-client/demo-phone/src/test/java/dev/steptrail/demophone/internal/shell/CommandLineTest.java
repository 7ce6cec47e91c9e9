package dev.steptrail.demophone.internal.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.demophone.internal.shell.CommandLine.SyntaxException;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
    @Test
    void words_areSeparatedBySpacesAndTabs() throws SyntaxException {
        assertThat(words(" input  tap\t1 2 ")).containsExactly("input", "tap", "1", "2");
    }

    @Test
    void quotes_joinTheirContentToAWord() throws SyntaxException {
        assertThat(words("a'b c'd \"e  f\"'' ''")).containsExactly("ab cd", "e  f", "");
    }

    @Test
    void backslash_makesTheNextCharacterLiteral() throws SyntaxException {
        assertThat(words("a\\ b \\'c\\\" \\\\ \"\\a \\\" \\$x\"")).containsExactly("a b", "'c\"", "\\", "\\a \" $x");
    }

    @Test
    void semicolonsAndNewlines_separateCommands() throws SyntaxException {
        assertThat(CommandLine.parse("a; b c\nd;;")).containsExactly(List.of("a"), List.of("b", "c"), List.of("d"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a | b", "a & b", "$(a)", "`a`", "\"`a`\"", "$a", "\"$a\"", "(a)", "a < b", "a > b", "a # b", "'a",
                "\"a", "a && b", "a || b", "a\\", "a\\\n"
            })
    void parse_ofSyntaxErrorsAndUnsupportedSyntax_fails(String line) {
        assertThatThrownBy(() -> CommandLine.parse(line)).isInstanceOf(SyntaxException.class);
    }

    @Property(tries = 300)
    void word_inSingleQuotes_isUnchanged(@ForAll String text) throws SyntaxException {
        assertThat(words("x '" + text.replace("'", "'\\''") + "'")).containsExactly("x", text);
    }

    private static List<String> words(String line) throws SyntaxException {
        return CommandLine.parse(line).get(0);
    }
}
