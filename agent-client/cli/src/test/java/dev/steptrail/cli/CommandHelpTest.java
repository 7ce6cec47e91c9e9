package dev.steptrail.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine.Model.CommandSpec;

/** The help of every command. */
class CommandHelpTest {
    /** A word of an example: quoted, or without spaces. */
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

    private static final List<CommandSpec> COMMANDS = CommandReference.commands();

    static Stream<String> commands() {
        return COMMANDS.stream().map(CommandSpec::qualifiedName);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void help_hasExamples_thatCanBeParsed(String name) {
        CommandSpec command = COMMANDS.stream()
                .filter(each -> each.qualifiedName().equals(name))
                .findFirst()
                .orElseThrow();

        List<String> examples = CommandReference.examples(command);

        assertThat(examples).isNotEmpty().allMatch(example -> example.contains(name));
        for (String example : examples) {
            String[] arguments = arguments(example);
            assertThatCode(() -> Steptrail.command(Map.of(), ZoneOffset.UTC).parseArgs(arguments))
                    .as(example)
                    .doesNotThrowAnyException();
        }
    }

    /** The arguments of the example, without the command before a pipe and without redirected files. */
    private static String[] arguments(String example) {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(example.replaceFirst(".*\\| ", "").replaceFirst(" <.*", ""));
        while (word.find()) {
            words.add(word.group(1) == null ? word.group(2) : word.group(1));
        }
        return words.subList(1, words.size()).toArray(String[]::new);
    }
}
