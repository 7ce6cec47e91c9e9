package dev.steptrail.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.cli.Steptrail;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Commands, routes, links and resources in the runbook exist. */
class RunbookTest {
    private static final Path INFRA = Path.of("..");

    private final String runbook = read("RUNBOOK.md");

    @Test
    void commands_andTheirOptions_exist() {
        Set<String> commands =
                found("agent-client/steptrail ([a-z]+(?: [a-z]+)?(?: <\\w+>)?(?: --?[a-z-]+)*[^`\\n]*)", 1);

        assertThat(commands).hasSizeGreaterThan(8);
        for (String command : commands) {
            String name = command.replaceAll("( <| --|[^a-z -]).*", "").strip();
            String help = help(name.split(" "));
            assertThat(help).as(command).startsWith("Usage: steptrail " + name);
            Pattern.compile("--[a-z-]+").matcher(command).results().forEach(option -> assertThat(help)
                    .as(command)
                    .contains(option.group()));
        }
    }

    @Test
    void routes_existInTheApi() {
        Map<String, Object> paths =
                TemplateTree.map(TemplateTree.of(read("openapi.yaml")).root().get("paths"));

        for (String route : found("(?:GET|POST|PUT|DELETE) /[\\w/{}]+", 0)) {
            String[] parts = route.split(" ");
            assertThat(TemplateTree.map(paths.get(parts[1]))).as(route).containsKey(parts[0].toLowerCase(Locale.ROOT));
        }
        for (String path : found("\\$STEPTRAIL_API(/[\\w/]+)", 1)) {
            assertThat(paths).containsKey(path);
        }
    }

    @Test
    void links_leadToSections() {
        Set<String> anchors = found("(?m)^#+ (.+)$", 1).stream()
                .map(title -> title.toLowerCase(Locale.ROOT).replace(' ', '-'))
                .collect(Collectors.toSet());

        assertThat(anchors).containsAll(found("]\\(#([^)]+)\\)", 1));
    }

    @Test
    void resourcesOfTheStack_exist() throws IOException {
        TemplateTree stack = TemplateTree.of(TemplateTree.MAIN);

        assertThat(TemplateTree.map(stack.root().get("Resources")).keySet())
                .containsAll(found("\\$\\((?:id|arn) (\\w+)\\)", 1));
        assertThat(TemplateTree.map(stack.root().get("Outputs")).keySet()).containsAll(found("\\$\\(out (\\w+)\\)", 1));
        assertThat(TemplateTree.map(stack.root().get("Parameters")).keySet())
                .containsAll(found(
                        "`((?:Database|Ingest|Api)[A-Z]\\w*(?:Concurrency|Capacity|Password)|RetentionDays)`", 1));
    }

    /** Returns the distinct matches of the pattern. */
    private Set<String> found(String pattern, int group) {
        List<String> found = new ArrayList<>();
        Pattern.compile(pattern).matcher(runbook).results().forEach(match -> found.add(match.group(group)));
        assertThat(found).as(pattern).isNotEmpty();
        return new TreeSet<>(found);
    }

    private static String help(String... command) {
        List<String> arguments = new ArrayList<>(List.of(command));
        arguments.add("--help");
        StringWriter out = new StringWriter();
        Steptrail.run(Map.of(), new PrintWriter(out), new PrintWriter(out), arguments.toArray(String[]::new));
        return out.toString();
    }

    private static String read(String file) {
        try {
            return Files.readString(INFRA.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
