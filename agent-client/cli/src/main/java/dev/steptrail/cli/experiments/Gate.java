package dev.steptrail.cli.experiments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.cli.command.SteptrailCommand;
import dev.steptrail.cli.junit.JunitReport;
import dev.steptrail.cli.junit.JunitReport.TestCase;
import dev.steptrail.cli.terminal.TextFormat;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The conditions that an experiment must meet, and whether it meets them. */
final class Gate {
    /** The minimum number of tasks with an outcome for each case; the API uses the same number for comparisons. */
    static final int MIN_REPEATS = 5;

    enum Result {
        PASSED(0),
        FAILED(1),
        TOO_FEW(3);

        private final int exitCode;

        Result(int exitCode) {
            this.exitCode = exitCode;
        }

        int exitCode() {
            return exitCode;
        }
    }

    /**
     * A condition.
     *
     * @param option the option that sets the limit, without dashes
     * @param actual rounded to three decimal places by the API; null if no task has an outcome
     * @param text the actual value and, if the condition is not met, the expected one
     */
    record Condition(
            String option, BigDecimal limit, @Nullable BigDecimal actual, boolean isMet, String text) {}

    private final JsonNode experiment;
    private final boolean allowFew;
    private final List<Condition> conditions = new ArrayList<>();

    /** @param experiment the results as {@link ExperimentReader} returns them */
    Gate(JsonNode experiment, boolean allowFew) {
        this.experiment = experiment;
        this.allowFew = allowFew;
    }

    /** Requires this pass rate of all tasks. The comparison uses the counts, because the API rounds the rate. */
    Gate requireSuccess(@Nullable BigDecimal limit) {
        if (limit != null) {
            BigDecimal passes = results().path("passes").decimalValue();
            BigDecimal outcomes = BigDecimal.valueOf(outcomes(results()));
            addRate(
                    "min-success",
                    "pass rate",
                    limit,
                    results().path("pass_rate"),
                    passes.compareTo(limit.multiply(outcomes)) >= 0,
                    " (" + passes + " of " + outcomes + ")");
        }
        return this;
    }

    /** Requires this lower bound of the pass rate's interval. */
    Gate requireLowerBound(@Nullable BigDecimal limit) {
        if (limit != null) {
            JsonNode low = results().path("pass_rate_low");
            addRate(
                    "min-success-lower",
                    "lower bound of the pass rate",
                    limit,
                    low,
                    low.decimalValue().compareTo(limit) >= 0,
                    "");
        }
        return this;
    }

    private void addRate(
            String option, String name, BigDecimal limit, JsonNode rate, boolean isReached, String counts) {
        BigDecimal actual = rate.isNumber() ? rate.decimalValue().stripTrailingZeros() : null;
        boolean isMet = actual != null && isReached;
        String is = "is " + (actual == null ? "unknown" : actual.toPlainString() + counts);
        String text =
                isMet ? "the " + name + " " + is : "expected a " + name + " of at least " + limit + ", but it " + is;
        conditions.add(new Condition(option, limit, actual, isMet, text));
    }

    /** Allows at most this many cases with a regression. */
    Gate limitRegressions(@Nullable Integer limit) {
        if (limit != null) {
            int regressions = casesWith("regression").size();
            boolean isMet = regressions <= limit;
            String actual = (regressions == 1 ? "there is " : "there are ") + regressions;
            conditions.add(new Condition(
                    "max-regressions",
                    BigDecimal.valueOf(limit),
                    BigDecimal.valueOf(regressions),
                    isMet,
                    isMet
                            ? actual + (regressions == 1 ? " regression" : " regressions")
                            : "expected at most " + TextFormat.count(limit, "regression") + ", but " + actual));
        }
        return this;
    }

    List<Condition> conditions() {
        return conditions;
    }

    /** Returns whether there are more regressions than allowed. */
    private boolean failsByRegressions() {
        return conditions.stream()
                .anyMatch(condition -> condition.option().equals("max-regressions") && !condition.isMet());
    }

    /** A failed condition takes precedence over too few repeats. Without any outcome, the gate never passes. */
    Result result() {
        if (outcomes(results()) == 0) {
            return Result.TOO_FEW;
        }
        if (!conditions.stream().allMatch(Condition::isMet)) {
            return Result.FAILED;
        }
        return allowFew || casesWithTooFew().isEmpty() ? Result.PASSED : Result.TOO_FEW;
    }

    /** Returns the cases that have too few tasks with an outcome, in the experiment or in the baseline. */
    List<JsonNode> casesWithTooFew() {
        return cases().stream().filter(Gate::hasTooFew).toList();
    }

    static boolean hasTooFew(JsonNode row) {
        JsonNode baseline = row.path("baseline");
        return outcomes(row.path("results")) < MIN_REPEATS || (baseline.isObject() && outcomes(baseline) < MIN_REPEATS);
    }

    List<JsonNode> casesWith(String change) {
        return cases().stream()
                .filter(row -> row.path("change").asText().equals(change))
                .toList();
    }

    List<JsonNode> cases() {
        return experiment.path("cases").valueStream().toList();
    }

    String experimentName() {
        return experiment.path("name").asText();
    }

    JsonNode results() {
        return experiment.path("results");
    }

    static int outcomes(JsonNode results) {
        return results.path("passes").asInt() + results.path("fails").asInt();
    }

    /** Returns the passes of a case among its tasks with an outcome, and those of the baseline. */
    String passed(JsonNode row) {
        String only = onlyIn(row);
        boolean hasBaseline =
                row.path("baseline").isObject() && !experimentName().equals(only);
        return passedOf(row.path("results"))
                + (hasBaseline ? ", baseline " + passedOf(row.path("baseline")) : "")
                + (only == null ? "" : ", only in " + only);
    }

    private static String passedOf(JsonNode results) {
        return results.path("passes").asText() + "/" + outcomes(results);
    }

    /** Same as {@link ExperimentReader#onlyIn}. */
    @Nullable
    String onlyIn(JsonNode row) {
        return ExperimentReader.onlyIn(experiment, row);
    }

    ObjectNode toJson() {
        ObjectNode json = SteptrailCommand.object();
        json.put("result", result().name().toLowerCase(Locale.ROOT));
        json.put("experiment", experimentName());
        json.set("baseline", experiment.path("baseline").path("name"));
        ArrayNode met = json.putArray("conditions");
        for (Condition condition : conditions) {
            met.addObject()
                    .put("name", condition.option().replace('-', '_'))
                    .put("limit", condition.limit())
                    .put("actual", condition.actual())
                    .put("met", condition.isMet());
        }
        addCases(json.putArray("regressions"), casesWith("regression"));
        addCases(json.putArray("fixes"), casesWith("fix"));
        addCases(json.putArray("too_few"), casesWithTooFew());
        return json;
    }

    private static void addCases(ArrayNode array, List<JsonNode> cases) {
        cases.forEach(row -> array.add(row.path("case_id")));
    }

    /**
     * Returns the result as JUnit XML: a test for each condition and each case. The file contains a failure or an error
     * exactly if the gate does not pass.
     */
    byte[] toJunit() {
        List<TestCase> tests = new ArrayList<>();
        for (Condition condition : conditions()) {
            tests.add(new TestCase(
                    "gate",
                    "--" + condition.option(),
                    0,
                    condition.isMet() ? null : "failure",
                    condition.option(),
                    condition.text()));
        }
        if (outcomes(results()) == 0) {
            tests.add(new TestCase("gate", "outcomes", 0, "error", "too_few", "no task has an outcome"));
        }
        for (JsonNode row : cases()) {
            tests.add(test(row));
        }
        return JunitReport.of(experimentName(), tests);
    }

    /**
     * Allowed regressions and few repeats that are allowed do not fail the gate, so they do not fail the test either.
     */
    private TestCase test(JsonNode row) {
        String change = row.path("change").asText();
        String element = null;
        String type = change;
        if (change.equals("regression")) {
            element = failsByRegressions() ? "failure" : null;
        } else if (hasTooFew(row)) {
            element = allowFew ? "skipped" : "error";
            type = "too_few";
        }
        String message = (type.isEmpty() ? "" : type.replace('_', ' ') + ": ") + "passed " + passed(row);
        double seconds = row.at("/results/mean_duration_ms").asDouble() / 1000;
        return new TestCase("case", ExperimentReader.caseName(row), seconds, element, type, message);
    }
}
