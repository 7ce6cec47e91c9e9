package dev.steptrail.cli.experiments;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.cli.junit.JunitReport;
import dev.steptrail.cli.junit.JunitReport.TestCase;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the result of a gate as JUnit XML: a test for each condition and each case. The file contains a failure or an
 * error exactly if the gate does not pass.
 */
final class GateReport {
    private GateReport() {}

    /** Returns the file in UTF-8. */
    static byte[] of(Gate gate) {
        List<TestCase> tests = new ArrayList<>();
        for (Gate.Condition condition : gate.conditions()) {
            tests.add(new TestCase(
                    "gate",
                    "--" + condition.option(),
                    0,
                    condition.isMet() ? null : "failure",
                    condition.option(),
                    condition.text()));
        }
        if (Gate.outcomes(gate.results()) == 0) {
            tests.add(new TestCase("gate", "outcomes", 0, "error", "too_few", "no task has an outcome"));
        }
        for (JsonNode row : gate.cases()) {
            tests.add(test(gate, row));
        }
        return JunitReport.of(gate.experimentName(), tests);
    }

    /** Allowed regressions and few repeats that are allowed do not fail the gate, so they do not fail the test either. */
    private static TestCase test(Gate gate, JsonNode row) {
        String change = row.path("change").asText();
        String element = null;
        String type = change;
        if (change.equals("regression")) {
            element = gate.failsByRegressions() ? "failure" : null;
        } else if (Gate.hasTooFew(row)) {
            element = gate.allowsFew() ? "skipped" : "error";
            type = "too_few";
        }
        String message = (type.isEmpty() ? "" : type.replace('_', ' ') + ": ") + "passed " + gate.passed(row);
        double seconds = row.at("/results/mean_duration_ms").asDouble() / 1000;
        return new TestCase("case", ExperimentReader.caseName(row), seconds, element, type, message);
    }
}
