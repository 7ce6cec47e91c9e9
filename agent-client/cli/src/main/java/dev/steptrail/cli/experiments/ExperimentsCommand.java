package dev.steptrail.cli.experiments;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.cli.api.ApiQuery;
import dev.steptrail.cli.command.ApiCommand;
import dev.steptrail.cli.terminal.Table;
import dev.steptrail.cli.terminal.TextFormat;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "experiments",
        description = {
            "List experiments, newest first; or show the results of one, by case.",
            "docs/experiments.md describes the results. Admins see the experiments of all owners in the list."
        },
        footer = {"  steptrail experiments", "  steptrail experiments prompt-8 --baseline prompt-7"})
public final class ExperimentsCommand extends ApiCommand {
    @Parameters(
            paramLabel = "NAME",
            arity = "0..1",
            description = "The experiment to show (default: list experiments).")
    private @Nullable String name;

    @Option(
            names = "--baseline",
            paramLabel = "NAME",
            description = "Compare each case with the same case of this experiment.")
    private @Nullable String baseline;

    @Option(names = "--owner", paramLabel = "OWNER", description = "Only experiments of this owner (for admins).")
    private @Nullable String owner;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "50",
            description = "Maximum number of experiments in the list (default: ${DEFAULT-VALUE}).")
    private int limit;

    @Override
    public Integer call() throws IOException {
        if (name == null) {
            if (baseline != null) {
                throw usageError("--baseline requires NAME, the experiment to compare");
            }
            return list();
        }
        ExperimentReader.requireName(this, "the name", name);
        ExperimentReader.requireName(this, "--baseline", baseline);
        JsonNode experiment = ExperimentReader.read(api(), name, owner, baseline);
        if (json()) {
            print(experiment.toPrettyString());
        } else {
            show(experiment);
        }
        checkPrinted();
        return 0;
    }

    private int list() throws IOException {
        Table table = new Table(zone())
                .time("STARTED", "first_started_at")
                .field("CASES", "cases")
                .field("TASKS", "tasks")
                .passRates()
                .field("OWNER", "owner")
                .field("NAME", "name");
        return printList(
                new ApiQuery("/api/experiments", "experiments")
                        .withParameter("owner", owner)
                        .limit(limit),
                table::lines);
    }

    private void show(JsonNode experiment) {
        println(line("experiment", experiment.path("name").asText()));
        println(line(
                "started",
                TextFormat.time(experiment.path("first_started_at"), zone()) + " to "
                        + TextFormat.time(experiment.path("last_started_at"), zone())));
        printAttributes(experiment);
        printResults(experiment.path("results"));
        JsonNode comparedWith = experiment.path("baseline");
        if (comparedWith.isObject()) {
            println("");
            println(line("baseline", comparedWith.path("name").asText()));
            printAttributes(comparedWith);
            printResults(comparedWith.path("results"));
            println(line(
                    "changes",
                    comparedWith.path("changes").properties().stream()
                            .map(change -> change.getValue().asText() + " " + words(change.getKey()))
                            .collect(Collectors.joining(", "))));
        }
        println("");
        List<JsonNode> cases = experiment.path("cases").valueStream().toList();
        caseTable(experiment).lines(cases).forEach(this::println);
        if (cases.stream().anyMatch(row -> ExperimentReader.onlyIn(experiment, row) != null)) {
            println("");
            println(ExperimentReader.ONLY_IN_ONE);
        }
    }

    private void printAttributes(JsonNode experiment) {
        experiment.path("attributes").forEach(attributes -> println(line("attributes", TextFormat.fields(attributes))));
    }

    private void printResults(JsonNode results) {
        println(line(
                "tasks",
                "%s: %s passed, %s failed, %s unclear, %s running"
                        .formatted(
                                results.path("tasks").asText(),
                                results.path("passes").asText(),
                                results.path("fails").asText(),
                                results.path("unclear").asText(),
                                results.path("running").asText())));
        println(line(
                "pass rate",
                "%s (95 %% interval %s); claimed %s, verified %s"
                        .formatted(
                                TextFormat.percent(results.path("pass_rate")),
                                interval(results),
                                TextFormat.percent(results.path("claimed_pass_rate")),
                                TextFormat.percent(results.path("verified_pass_rate")))));
        if (results.path("usage").isObject()) {
            println(line("tokens", TextFormat.tokens(results.path("usage"))));
            println(line("cost", TextFormat.cost(results.path("cost"))));
        }
    }

    private Table caseTable(JsonNode experiment) {
        Table table = new Table(zone());
        boolean isComparison = experiment.path("baseline").isObject();
        if (isComparison) {
            table.column("CHANGE", row -> {
                String only = ExperimentReader.onlyIn(experiment, row);
                return only == null ? words(row.path("change").asText()) : "only in " + only;
            });
        }
        table.column("PASSED", row -> passed(row.path("results")));
        if (isComparison) {
            table.column("BASELINE", row -> passed(row.path("baseline")));
        }
        table.column("PASS RATE", row -> TextFormat.percent(row.at("/results/pass_rate")))
                .column("95 % INTERVAL", row -> interval(row.path("results")))
                .column("STEPS", row -> TextFormat.text(row.at("/results/mean_steps")))
                .column("MS", row -> TextFormat.text(row.at("/results/mean_duration_ms")));
        if (experiment.at("/results/usage").isObject()) {
            table.column("TOKENS", row -> TextFormat.tokens(row.at("/results/usage")));
            table.column("COST", row -> TextFormat.cost(row.at("/results/cost")));
        }
        return table.column("CASE", ExperimentReader::caseName);
    }

    private static String passed(JsonNode results) {
        int passes = results.path("passes").asInt();
        return passes + "/" + (passes + results.path("fails").asInt());
    }

    private static String interval(JsonNode results) {
        return results.path("pass_rate_low").isNumber()
                ? TextFormat.percent(results.path("pass_rate_low")) + " to "
                        + TextFormat.percent(results.path("pass_rate_high"))
                : "-";
    }

    private static String words(String name) {
        return name.replace('_', ' ');
    }

    private static String line(String label, String value) {
        return "%-11s %s".formatted(label, value);
    }
}
