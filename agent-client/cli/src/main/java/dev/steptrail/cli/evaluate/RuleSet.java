package dev.steptrail.cli.evaluate;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.steptrail.cli.evaluate.Rule.Finding;
import dev.steptrail.stepformat.Sha256;
import dev.steptrail.stepformat.TextTruncator;
import dev.steptrail.stepformat.VerdictValue.Label;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Rules that a successful task meets. The verdict is {@code pass} if all rules hold, {@code fail} if one does not, and
 * otherwise {@code unclear}.
 */
public record RuleSet(List<Rule> rules) {
    /** Increase this number if a change of a rule may change verdicts. */
    private static final String IMPLEMENTATION = "3";

    private static final int DIGEST_LENGTH = 12;

    /** Messages of agents may be much longer. */
    private static final int MAX_REASON_LENGTH = 1_000;

    /** @throws IllegalArgumentException if there is no rule */
    public RuleSet {
        rules = List.copyOf(rules);
        if (rules.isEmpty()) {
            throw new IllegalArgumentException("there is no rule");
        }
    }

    /** Returns whether a rule reads the screenshots. */
    public boolean readsScreenshots() {
        return rules.stream().anyMatch(rule -> rule.name().equals(Rule.EXPECT_SCREEN));
    }

    /** Returns a version that is the same for the same rules, and differs for other rules. */
    public String version() {
        ArrayNode all = JsonNodeFactory.instance.arrayNode().add(IMPLEMENTATION);
        for (Rule rule : rules) {
            ArrayNode one = all.addArray().add(rule.name());
            rule.values().forEach(one::add);
        }
        return Sha256.hex(all.toString().getBytes(StandardCharsets.UTF_8)).substring(0, DIGEST_LENGTH);
    }

    /** Judges a task. The reason names the first rule that does not hold or cannot be decided, with its values. */
    public Judgement judge(TaskFacts task) {
        List<Finding> findings = rules.stream().map(rule -> rule.check(task)).toList();
        for (Label label : List.of(Label.FAIL, Label.UNCLEAR)) {
            for (int i = 0; i < findings.size(); i++) {
                if (findings.get(i).label() == label) {
                    return new Judgement(
                            label,
                            TextTruncator.truncate(
                                    rules.get(i).name() + ": " + findings.get(i).reason(), MAX_REASON_LENGTH));
                }
            }
        }
        String reason = findings.stream().map(Finding::reason).collect(Collectors.joining("; "));
        return new Judgement(Label.PASS, TextTruncator.truncate(reason, MAX_REASON_LENGTH));
    }
}
