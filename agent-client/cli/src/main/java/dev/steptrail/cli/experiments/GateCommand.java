package dev.steptrail.cli.experiments;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.cli.api.AtomicFileWriter;
import dev.steptrail.cli.command.ApiCommand;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "gate",
        description = {
            "Check whether an experiment is good enough, for example in a CI job.",
            "docs/experiments.md describes the conditions. At least one condition or --baseline is required."
        },
        exitCodeOnExecutionException = GateCommand.NO_RESULT,
        exitCodeList = {
            "0:all conditions are met",
            "1:a condition is not met",
            "3:no task has an outcome; or all conditions are met, but a case has too few tasks with an outcome",
            "4:no result: there is no such experiment, the API cannot be reached, or the file cannot be written"
        },
        footer = {
            "  steptrail gate --experiment prompt-8 --min-success 0.9 --min-success-lower 0.8",
            "  steptrail gate --experiment prompt-8 --baseline prompt-7 --max-regressions 0 --junit gate.xml"
        })
public final class GateCommand extends ApiCommand {
    static final int NO_RESULT = 4;

    private static final int MAX_NAMED_CASES = 20;

    @Option(names = "--experiment", required = true, paramLabel = "NAME", description = "The experiment to check.")
    private String name;

    @Option(
            names = "--baseline",
            paramLabel = "NAME",
            description = "Compare each case with the same case of this experiment.")
    private @Nullable String baseline;

    @Option(names = "--owner", paramLabel = "OWNER", description = "Owner of the experiments (for admins).")
    private @Nullable String owner;

    @Option(names = "--min-success", paramLabel = "RATE", description = "Minimum pass rate of all tasks, 0 to 1.")
    private @Nullable BigDecimal minSuccess;

    @Option(
            names = "--min-success-lower",
            paramLabel = "RATE",
            description = "Minimum lower bound of the 95 %% interval of the pass rate, 0 to 1.")
    private @Nullable BigDecimal minSuccessLower;

    @Option(
            names = "--max-regressions",
            paramLabel = "N",
            description = "Maximum number of cases with a regression (default with --baseline: 0).")
    private @Nullable Integer maxRegressions;

    @Option(
            names = "--allow-few",
            description = "Pass although cases have fewer than 5 tasks with an outcome. Such cases are not compared.")
    private boolean allowFew;

    @Option(names = "--junit", paramLabel = "FILE", description = "Write the result by case as JUnit XML.")
    private @Nullable Path junit;

    @Override
    public Integer call() throws IOException {
        checkOptions();
        ExperimentReader.requireName(this, "--experiment", name);
        ExperimentReader.requireName(this, "--baseline", baseline);
        AtomicFileWriter file = junit == null ? null : new AtomicFileWriter(junit);
        Integer allowedRegressions = maxRegressions == null && baseline != null ? Integer.valueOf(0) : maxRegressions;
        Gate gate = new Gate(ExperimentReader.read(api(), name, owner, baseline), allowFew)
                .requireSuccess(minSuccess)
                .requireLowerBound(minSuccessLower)
                .limitRegressions(allowedRegressions);
        if (file != null) {
            file.write(gate.toJunit());
        }
        if (json()) {
            print(gate.toJson().toPrettyString());
        } else {
            printText(gate);
        }
        checkPrinted();
        return gate.result().exitCode();
    }

    private void checkOptions() {
        requireRate("--min-success", minSuccess);
        requireRate("--min-success-lower", minSuccessLower);
        requireAtLeast(0, "--max-regressions", maxRegressions);
        if (maxRegressions != null && baseline == null) {
            throw usageError("--max-regressions requires --baseline");
        }
        if (minSuccess == null && minSuccessLower == null && baseline == null) {
            throw usageError("missing condition (expected --min-success, --min-success-lower or --baseline)");
        }
    }

    private void requireRate(String option, @Nullable BigDecimal rate) {
        if (rate != null && (rate.signum() < 0 || rate.compareTo(BigDecimal.ONE) > 0)) {
            throw usageError(option + " must be 0 to 1, but is '" + rate + "'");
        }
    }

    private void printText(Gate gate) {
        JsonNode results = gate.results();
        println("%s: %d of %d passed, %s unclear, %s running"
                .formatted(
                        gate.experimentName(),
                        results.path("passes").asInt(),
                        Gate.outcomes(results),
                        results.path("unclear").asText(),
                        results.path("running").asText()));
        for (Gate.Condition condition : gate.conditions()) {
            println("%s  --%s %s: %s"
                    .formatted(
                            condition.isMet() ? "ok    " : "failed",
                            condition.option(),
                            condition.limit(),
                            condition.text()));
        }
        printCases("regression", gate.casesWith("regression"), gate);
        printCases("fix", gate.casesWith("fix"), gate);
        printCases("too few", gate.casesWithTooFew(), gate);
        println(
                switch (gate.result()) {
                    case PASSED -> "passed";
                    case FAILED -> "failed";
                    case TOO_FEW ->
                        "too few: " + (Gate.outcomes(results) == 0 ? "no task has an outcome" : tooFew(gate));
                });
    }

    private static String tooFew(Gate gate) {
        long onlyInOne = gate.casesWithTooFew().stream()
                .filter(row -> gate.onlyIn(row) != null)
                .count();
        List<String> remedies = new ArrayList<>();
        if (onlyInOne < gate.casesWithTooFew().size()) {
            remedies.add("each case needs " + Gate.MIN_REPEATS + " tasks with an outcome: repeat the cases");
        }
        if (onlyInOne > 0) {
            remedies.add("cases that are only in one experiment are not compared: run them in the other one, too");
        }
        return String.join("; ", remedies) + "; or use --allow-few";
    }

    private void printCases(String label, List<JsonNode> cases, Gate gate) {
        cases.stream()
                .limit(MAX_NAMED_CASES)
                .forEach(row ->
                        println("%-11s %s  %s".formatted(label, gate.passed(row), ExperimentReader.caseName(row))));
        if (cases.size() > MAX_NAMED_CASES) {
            println("%-11s %d more".formatted(label, cases.size() - MAX_NAMED_CASES));
        }
    }
}
