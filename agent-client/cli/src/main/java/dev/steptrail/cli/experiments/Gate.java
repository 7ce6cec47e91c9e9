package dev.steptrail.cli.experiments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
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
     * @param actual null if no task has an outcome
     */
    record Condition(
            String option, BigDecimal limit, @Nullable BigDecimal actual, boolean isMet) {
        String text() {
            return "--%s %s: %s".formatted(option, limit, actual == null ? "unknown" : actual.toPlainString());
        }
    }

    private final JsonNode experiment;
    private final boolean allowFew;
    private final List<Condition> conditions = new ArrayList<>();

    /** @param experiment the results as {@link ExperimentReader} returns them */
    Gate(JsonNode experiment, boolean allowFew) {
        this.experiment = experiment;
        this.allowFew = allowFew;
    }

    /** Requires this pass rate of all tasks. The comparison is exact. */
    Gate requireSuccess(@Nullable BigDecimal limit) {
        if (limit != null) {
            BigDecimal passes = results().path("passes").decimalValue();
            BigDecimal outcomes = passes.add(results().path("fails").decimalValue());
            boolean isKnown = outcomes.signum() > 0;
            conditions.add(new Condition(
                    "min-success",
                    limit,
                    isKnown ? passes.divide(outcomes, 4, RoundingMode.DOWN).stripTrailingZeros() : null,
                    isKnown && passes.compareTo(limit.multiply(outcomes)) >= 0));
        }
        return this;
    }

    /** Requires this lower bound of the pass rate's interval. */
    Gate requireLowerBound(@Nullable BigDecimal limit) {
        if (limit != null) {
            JsonNode low = results().path("pass_rate_low");
            BigDecimal actual = low.isNumber() ? low.decimalValue() : null;
            conditions.add(
                    new Condition("min-success-lower", limit, actual, actual != null && actual.compareTo(limit) >= 0));
        }
        return this;
    }

    /** Allows at most this many cases with a regression. */
    Gate limitRegressions(@Nullable Integer limit) {
        if (limit != null) {
            int regressions = casesWith("regression").size();
            conditions.add(new Condition(
                    "max-regressions",
                    BigDecimal.valueOf(limit),
                    BigDecimal.valueOf(regressions),
                    regressions <= limit));
        }
        return this;
    }

    List<Condition> conditions() {
        return conditions;
    }

    boolean allowsFew() {
        return allowFew;
    }

    /** Returns whether there are more regressions than allowed. */
    boolean failsByRegressions() {
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
        ObjectNode json = JsonNodeFactory.instance.objectNode();
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
}
