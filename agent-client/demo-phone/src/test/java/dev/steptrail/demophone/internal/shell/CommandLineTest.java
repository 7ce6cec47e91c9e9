package dev.steptrail.demophone.internal.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.demophone.internal.shell.CommandLine.Command;
import dev.steptrail.demophone.internal.shell.CommandLine.Condition;
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
    void variables_areEmpty_andVanishWhereTheyAreTheWholeWord() throws SyntaxException {
        assertThat(words("a $HOME \"$HOME\" b$HOME$ '$HOME' $1")).containsExactly("a", "", "b$", "$HOME");
    }

    @Test
    void exitCode_isReplaced() throws SyntaxException {
        Command command = CommandLine.parse("echo $? x$?y '$?'").commands().get(0);

        assertThat(command.words().stream().map(word -> word.text(7))).containsExactly("echo", "7", "x7y", "$?");
    }

    @Test
    void operators_separateCommands() throws SyntaxException {
        assertThat(CommandLine.parse("a; b && c || d # e").commands())
                .extracting(Command::condition)
                .containsExactly(Condition.ALWAYS, Condition.ALWAYS, Condition.SUCCESS, Condition.FAILURE);
    }

    @Test
    void redirections_areNotWords() throws SyntaxException {
        Command command = CommandLine.parse("a >/x 2> '/y z' b").commands().get(0);

        assertThat(command.words()).hasSize(2);
        assertThat(command.outputFile()).isEqualTo("/x");
        assertThat(command.errorFile()).isEqualTo("/y z");
        assertThat(CommandLine.parse("a 2>&1").commands().get(0).errorToOutput())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a | b", "a & b", "$(a)", "`a`", "\"`a`\"", "${a}", "(a)", "a < b", "'a", "\"a", "a &&", "&& a", "a >"
            })
    void parse_ofSyntaxErrorsAndUnsupportedSyntax_fails(String line) {
        assertThatThrownBy(() -> CommandLine.parse(line)).isInstanceOf(SyntaxException.class);
    }

    @Property(tries = 300)
    void word_inSingleQuotes_isUnchanged(@ForAll String text) throws SyntaxException {
        assertThat(words("x '" + text.replace("'", "'\\''") + "'")).containsExactly("x", text);
    }

    private static List<String> words(String line) throws SyntaxException {
        return CommandLine.parse(line).commands().get(0).words().stream()
                .map(word -> word.text(0))
                .toList();
    }
}
