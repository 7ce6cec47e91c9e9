package dev.steptrail.cli.experiments;

import java.util.List;
import java.util.Locale;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/** Responses of the API about experiments. */
final class ExperimentResponses {
    private ExperimentResponses() {}

    /**
     * The passes and fails of a case, in the experiment and in the baseline. Without any, the case has no task there.
     */
    record Case(String id, int passes, int fails, int baselinePasses, int baselineFails, String change) {
        static Case of(String id, int passes, int fails) {
            return new Case(id, passes, fails, 0, 0, null);
        }

        private String json() {
            return """
                    {"case_id":%s,"results":%s,"baseline":%s,"change":%s,"p_value":null}""".formatted(
                            id == null ? "null" : '"' + id + '"',
                            results(passes, fails, 0.25, change != null),
                            change == null ? "null" : results(baselinePasses, baselineFails, 0.5, true),
                            change == null ? "null" : '"' + change + '"');
        }
    }

    static String experiment(List<Case> cases) {
        return experiment(cases, "null");
    }

    /** @param nextCursor as JSON */
    static String experiment(List<Case> cases, String nextCursor) {
        boolean isComparison = cases.stream().anyMatch(each -> each.change() != null);
        String baseline = """
                {"name":"prompt-7","attributes":[],"results":%s,"changes":{"regression":%d,"fix":%d,"unchanged":%d,"too_few":%d}}""".formatted(
                        results(sum(cases, Case::baselinePasses), sum(cases, Case::baselineFails), 0.6),
                        count(cases, "regression"),
                        count(cases, "fix"),
                        count(cases, "unchanged"),
                        count(cases, "too_few"));
        return """
                {"cases":[%s],"name":"prompt-8","owner":"ann","first_started_at":"2026-03-01T10:00:00Z",
                 "last_started_at":"2026-03-01T11:00:00Z",
                 "attributes":[{"app_version":"8.1","prompt_version":8},{"app_version":"8.2"}],"results":%s,"baseline":%s,"next_cursor":%s}""".formatted(
                        cases.stream().map(Case::json).collect(Collectors.joining(",")),
                        results(sum(cases, Case::passes), sum(cases, Case::fails), 0.55),
                        isComparison ? baseline : "null",
                        nextCursor);
    }

    private static int sum(List<Case> cases, ToIntFunction<Case> value) {
        return cases.stream().mapToInt(value).sum();
    }

    private static long count(List<Case> cases, String change) {
        return cases.stream().filter(each -> change.equals(each.change())).count();
    }

    private static String results(int passes, int fails, double low) {
        return results(passes, fails, low, false);
    }

    private static String results(int passes, int fails, double low, boolean canBeEmpty) {
        boolean isKnown = passes + fails > 0;
        return String.format(
                Locale.ROOT,
                """
                {"tasks":%d,"passes":%d,"fails":%d,"unclear":0,"running":1,"pass_rate":%s,"pass_rate_low":%s,\
                "pass_rate_high":%s,"claimed_pass_rate":%s,"verified_pass_rate":null,"disagreements":0,"mean_steps":6.5,\
                "mean_duration_ms":31250,"usage":{"tasks":1,"input_tokens":400,"cached_tokens":100,"output_tokens":20},\
                "cost":{"amounts":{"USD":"0.0042"},"unpriced_tokens":0}}""",
                canBeEmpty && !isKnown ? 0 : passes + fails + 1,
                passes,
                fails,
                isKnown ? Math.round(1000.0 * passes / (passes + fails)) / 1000.0 : "null",
                isKnown ? low : "null",
                isKnown ? 0.95 : "null",
                isKnown ? 1.0 : "null");
    }
}
