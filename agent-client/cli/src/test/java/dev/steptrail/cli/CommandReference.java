package dev.steptrail.cli;

import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Writes the model of the commands as Markdown. picocli's own generator, {@code ManPageGenerator}, writes AsciiDoc
 * only.
 */
final class CommandReference {
    private static final int MAX_LINE_LENGTH = 120;

    /** Parts of a text that are code, or are formatted as code already. */
    private static final Pattern CODE = Pattern.compile("`[^`]*`|--[a-z][a-z-]*|\\$?STEPTRAIL_[A-Z_]+|\\*\\.json"
            + "|\\{\"(?:[^{}]|\\{[^{}]*})*}|~/[.a-z/]+|(?<= )\\*(?= )");

    /** A line of the help's section "Environment". */
    private static final Pattern VARIABLE = Pattern.compile("  ([A-Z_*]+) +(.+)");

    private final StringBuilder markdown = new StringBuilder();

    private CommandReference() {}

    /** Returns the reference of all commands. */
    static String markdown() {
        CommandReference reference = new CommandReference();
        commands().forEach(reference::add);
        return reference.markdown.toString();
    }

    /** Returns all commands, each before its subcommands. */
    static List<CommandSpec> commands() {
        return withSubcommands(Steptrail.command(Map.of(), ZoneOffset.UTC).getCommandSpec())
                .toList();
    }

    private static Stream<CommandSpec> withSubcommands(CommandSpec command) {
        return Stream.concat(
                Stream.of(command),
                command.subcommands().values().stream().flatMap(each -> withSubcommands(each.getCommandSpec())));
    }

    /** Returns the lines of the help's section "Examples". */
    static List<String> examples(CommandSpec command) {
        return footer(command)
                .takeWhile(line -> !line.isEmpty())
                .map(String::strip)
                .toList();
    }

    private static Stream<String> footer(CommandSpec command) {
        return Stream.of(command.usageMessage().footer())
                .flatMap(line -> String.format(line).lines());
    }

    private void add(CommandSpec command) {
        boolean isRoot = command.parent() == null;
        boolean isNested = !isRoot && command.parent().parent() != null;
        blank();
        line((isNested ? "### " : "## ") + command.qualifiedName());
        for (String paragraph : command.usageMessage().description()) {
            blank();
            wrapped(paragraph, "");
        }
        code("text", command.commandLine().getHelp().synopsis(0).strip().lines());
        // The options that all commands inherit are described once.
        Stream.concat(command.positionalParameters().stream(), command.options().stream())
                .filter(argument -> isRoot || !isInRoot(argument))
                .forEach(argument -> wrapped(
                        "- `" + label(argument) + "`: " + String.join(" ", argument.renderedDescription()), "  "));
        if (!command.subcommands().isEmpty()) {
            blank();
            line("Commands:");
            blank();
        }
        command.subcommands().values().forEach(subcommand -> {
            CommandSpec each = subcommand.getCommandSpec();
            String name = each.qualifiedName();
            wrapped(
                    "- [" + name + "](#" + name.replace(' ', '-') + "): "
                            + each.usageMessage().description()[0],
                    "  ");
        });
        code("sh example", examples(command).stream());
        wrapped(
                command.usageMessage().exitCodeList().entrySet().stream()
                        .map(code -> "`" + code.getKey() + "` " + code.getValue())
                        .collect(Collectors.joining("; ", "Exit codes: ", ".")),
                "");
        variables(command, isRoot);
    }

    private static boolean isInRoot(ArgSpec argument) {
        return argument instanceof OptionSpec option
                && argument.command().root().optionsMap().containsKey(option.longestName());
    }

    private static String label(ArgSpec argument) {
        if (!(argument instanceof OptionSpec option)) {
            return argument.paramLabel();
        }
        String names = String.join("`, `", option.names());
        return option.typeInfo().isBoolean() ? names : names + " " + option.paramLabel();
    }

    /** Describes the environment variables in the section of the root command; lists their names in the others. */
    private void variables(CommandSpec command, boolean isRoot) {
        List<Matcher> variables =
                footer(command).map(VARIABLE::matcher).filter(Matcher::matches).toList();
        blank();
        if (isRoot) {
            line("Environment variables:");
            blank();
            variables.forEach(variable -> wrapped("- `" + variable.group(1) + "`: " + variable.group(2) + ".", "  "));
        } else {
            wrapped(
                    variables.stream()
                            .map(variable -> "`" + variable.group(1) + "`")
                            .collect(Collectors.joining(", ", "Environment variables: ", ".")),
                    "");
        }
    }

    /** @param info the language and, for shell commands, how the tests of the documentation treat the block */
    private void code(String info, Stream<String> lines) {
        blank();
        line("```" + info);
        lines.forEach(this::line);
        line("```");
        blank();
    }

    private void blank() {
        if (!markdown.toString().endsWith("\n\n")) {
            line("");
        }
    }

    /** Adds a paragraph or a list item, with lines of at most 120 characters. */
    private void wrapped(String text, String indent) {
        StringBuilder current = new StringBuilder();
        for (String word : formatted(text).split(" ")) {
            if (current.length() + 1 + word.length() > MAX_LINE_LENGTH) {
                line(current.toString());
                current = new StringBuilder(indent).append(word);
            } else {
                current.append(current.isEmpty() ? "" : " ").append(word);
            }
        }
        line(current.toString());
    }

    private static String formatted(String text) {
        return CODE.matcher(text)
                .replaceAll(part -> Matcher.quoteReplacement(
                        part.group().startsWith("`") ? part.group() : "`" + part.group() + "`"));
    }

    private void line(String line) {
        markdown.append(line).append('\n');
    }
}
