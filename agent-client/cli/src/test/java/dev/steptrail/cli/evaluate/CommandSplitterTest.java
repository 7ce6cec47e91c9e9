package dev.steptrail.cli.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

class CommandSplitterTest {
    @Test
    void spacesSeparate_andQuotesGroup() {
        assertThat(CommandSplitter.split("  python3 -u  \"my judge.py\" --model='a b' '' 'say \"no\"' "))
                .containsExactly("python3", "-u", "my judge.py", "--model=a b", "", "say \"no\"");
    }

    @Test
    void nothingIsExpanded_andBackslashesAreKept() {
        assertThat(CommandSplitter.split("C:\\judge.exe $HOME *.py ~ a;b|c \"$(id)\""))
                .containsExactly("C:\\judge.exe", "$HOME", "*.py", "~", "a;b|c", "$(id)");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '|',
            value = {
                "||, the program is missing",
                "|  |, the program is missing",
                "|'' a|, the program is missing",
                "|a 'b|, the quote ' is not closed",
                "|a \"b'|, the quote \" is not closed"
            })
    void invalidCommand_isRejected(String command, String reason) {
        assertThatThrownBy(() -> CommandSplitter.split(command)).hasMessage(reason);
    }

    @Property
    void quotedArguments_areSplitIntoThemselves(@ForAll("arguments") List<String> arguments) {
        String command = arguments.stream().map(CommandSplitterTest::quote).collect(Collectors.joining(" "));

        assertThat(CommandSplitter.split("program " + command).subList(1, arguments.size() + 1))
                .isEqualTo(arguments);
    }

    @Provide
    Arbitrary<List<String>> arguments() {
        return Arbitraries.strings()
                .withChars("ab \t'\"\\$*天")
                .ofMaxLength(8)
                .list()
                .ofMaxSize(5);
    }

    /** Quotes each single quote with double quotes, and everything else with single quotes. */
    private static String quote(String argument) {
        return "'" + argument.replace("'", "'\"'\"'") + "'";
    }
}
