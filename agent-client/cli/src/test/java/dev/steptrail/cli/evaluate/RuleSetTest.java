package dev.steptrail.cli.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.steptrail.cli.evaluate.TaskFacts.Screen;
import dev.steptrail.cli.evaluate.TaskFacts.StepFacts;
import dev.steptrail.stepformat.VerdictValue.Label;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class RuleSetTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TAP = "{'step_number':1,'action':{'action':'Tap'},'success':true}";
    private static final String LAUNCH = "{'step_number':2,'action':{'action':'Launch','app':'天气'},'success':true}";
    private static final String FAILED_LAUNCH = "{'step_number':2,'action':{'action':'Launch','app':'天气'},"
            + "'success':false,'error_message':'App not found: 天气'}";
    private static final String FAILED_TAP = "{'step_number':3,'action':{'action':'Tap'},'error_message':'no device'}";
    private static final String LATER_TAP = "{'step_number':4,'action':{'action':'Tap'},'success':true}";

    @Test
    void app_isShownOrLaunched() {
        assertThat(judge(Rule.expectApp("天气"), TAP, LAUNCH)).isEqualTo("pass step 2 launched 天气");
        assertThat(judge(Rule.expectApp("天气"), "{'step_number':5,'current_app':'天气'}"))
                .isEqualTo("pass step 5 shows 天气");
        assertThat(judge(Rule.expectApp("天气"), "{'step_number':5,'current_app':'相机'}", FAILED_LAUNCH))
                .isEqualTo("fail expect-app: expected 天气, but the steps show 相机");
    }

    @Test
    void app_thatWasOpenBeforeTheFirstAction_doesNotCount_unlessItIsShownLater() {
        String first = "{'step_number':1,'current_app':'天气','action':{'action':'Tap'}}";
        assertThat(judge(Rule.expectApp("天气"), first, "{'step_number':2,'current_app':'相机'}"))
                .isEqualTo("fail expect-app: expected 天气, but it is shown only before the first action that changes"
                        + " the screen");
        assertThat(judge(Rule.expectApp("天气"), first, "{'step_number':2,'current_app':'天气'}"))
                .isEqualTo("pass step 2 shows 天气");
        assertThat(judge(Rule.expectApp("相机"), first)).isEqualTo("fail expect-app: expected 相机, but the steps show 天气");
    }

    @Test
    void app_thatWasOpen_doesNotCount_afterActionsThatCannotHaveOpenedIt() {
        String last = "{'step_number':2,'current_app':'天气','action':{'_metadata':'finish'},'success':true}";
        for (String action : List.of(
                "'action':{'action':'Wait'},'success':true",
                "'action':{'action':'Note'},'success':true",
                "'action':{'action':'Take_over'},'success':true",
                "'action':{'action':'Tap'},'success':false",
                "'action':{'action':'Tap'},'error_message':'no device'",
                "'thinking':'I look.'")) {
            String first = "{'step_number':1,'current_app':'天气'," + action + "}";
            assertThat(judge(Rule.expectApp("天气"), first, last))
                    .as(action)
                    .isEqualTo("fail expect-app: expected 天气, but it is shown only before the first action that changes"
                            + " the screen");
            assertThat(judge(Rule.expectApp("天气"), first.replace("天气", "相机"), last))
                    .as("another app was open: " + action)
                    .isEqualTo("pass step 2 shows 天气");
        }
        String tap = "{'step_number':1,'current_app':'天气','action':{'action':'Tap'},'success':true}";
        assertThat(judge(Rule.expectApp("天气"), tap, last)).isEqualTo("pass step 2 shows 天气");
    }

    @Test
    void app_mayHaveAnotherOfItsNames_orItsPackage() {
        String step = "{'step_number':2,'current_app':'AndroidSystemSettings'}";
        for (String name : List.of("Settings", "设置", "com.android.settings", "AndroidSystemSettings")) {
            assertThat(judge(Rule.expectApp(name), step)).isEqualTo("pass step 2 shows " + name);
        }
        assertThat(judge(Rule.expectApp("设置"), "{'step_number':2,'current_app':'com.android.settings'}"))
                .startsWith("pass ");
        assertThat(judge(Rule.expectApp("com.android.camera"), step)).startsWith("fail ");
    }

    @Test
    void app_thatCannotBeKnown_isUnclear() {
        assertThat(judge(Rule.expectApp("天气")))
                .isEqualTo("unclear expect-app: no step records the app on the screen, and none launched 天气");
        assertThat(judge(Rule.expectApp("相机"), LAUNCH))
                .isEqualTo("unclear expect-app: no step records the app on the screen, and none launched 相机");
    }

    @Test
    void failedLaunch_fails_unlessALaterStepMayHaveOpenedTheApp() {
        assertThat(judge(Rule.expectApp("天气"), TAP, FAILED_LAUNCH))
                .isEqualTo("fail expect-app: expected 天气, but step 2 failed to launch it: App not found: 天气");
        assertThat(judge(Rule.expectApp("天气"), FAILED_LAUNCH, LATER_TAP)).startsWith("unclear ");
    }

    @Test
    void message_containsText() {
        assertThat(text(new RuleSet(List.of(Rule.expectMessage("27"))).judge(facts("{'message':'18 to 27'}"))))
                .isEqualTo("pass the final message contains '27'");
        assertThat(text(new RuleSet(List.of(Rule.expectMessage("28"))).judge(facts("{'message':'18 to 27'}"))))
                .isEqualTo("fail expect-message: expected '28' in the final message, but it is '18 to 27'");
        assertThat(text(new RuleSet(List.of(Rule.expectMessage("28"))).judge(facts("{'message':null}"))))
                .isEqualTo("fail expect-message: expected '28' in the final message, but there is none");
    }

    @Test
    void screen_isTheLastAfterTheAction_elseTheLastBefore() {
        String screens = "{'step_number':7,'screenshots':["
                + "{'role':'after','perceptual_hash':'000000000000000f'},"
                + "{'role':'before','perceptual_hash':'ffffffffffffffff'}]}";

        assertThat(judge(Rule.expectScreen("0000000000000000", 4), screens, "{'step_number':8,'screenshots':[]}"))
                .isEqualTo("pass the last screenshot (step 7, after) differs in 4 of 64 bits");
        assertThat(judge(Rule.expectScreen("0000000000000000", 3), screens))
                .isEqualTo("fail expect-screen: expected at most 3 bits of difference, but the last screenshot (step 7,"
                        + " after) differs in 4 of 64 bits");
    }

    @Test
    void missingScreen_isUnclear() {
        assertThat(judge(Rule.expectScreen("0000000000000000", 4), TAP))
                .isEqualTo("unclear expect-screen: the task has no screenshot");
        assertThat(judge(
                        Rule.expectScreen("0000000000000000", 4),
                        "{'step_number':1,'screenshots':[{'role':'before','perceptual_hash':null}]}"))
                .isEqualTo("unclear expect-screen: the last screenshot (step 1, before) has no perceptual hash");
    }

    @Test
    void steps_includeLostOnes() {
        RuleSet rules = new RuleSet(List.of(Rule.maxSteps(5)));

        assertThat(text(rules.judge(facts("{'total_steps':1,'last_step_number':1}"))))
                .isEqualTo("pass the task has 1 step");
        assertThat(text(rules.judge(facts("{'total_steps':5,'last_step_number':null}"))))
                .isEqualTo("pass the task has 5 steps");
        assertThat(text(rules.judge(facts("{'total_steps':5,'last_step_number':6}"))))
                .isEqualTo("fail max-steps: the task has 6 steps (expected at most 5)");
    }

    @Test
    void failedStep_afterTheLastSuccess_fails() {
        assertThat(judge(Rule.noFailedStepAfterSuccess(), TAP, FAILED_TAP, LATER_TAP))
                .isEqualTo("pass no step failed after step 4");
        assertThat(judge(Rule.noFailedStepAfterSuccess(), TAP, FAILED_TAP))
                .isEqualTo(
                        "fail no-failed-step-after-success: step 3 failed (no device) after step 1, the last one that"
                                + " succeeded");
        assertThat(judge(Rule.noFailedStepAfterSuccess(), FAILED_TAP))
                .isEqualTo("fail no-failed-step-after-success: step 3 failed (no device), and no step succeeded");
        assertThat(judge(Rule.noFailedStepAfterSuccess(), "{'step_number':1}"))
                .isEqualTo("unclear no-failed-step-after-success: no step has a result");
    }

    @Test
    void firstRuleThatDoesNotHold_isTheReason_evenAfterAnUndecidedOne() {
        RuleSet rules = new RuleSet(List.of(Rule.expectApp("天气"), Rule.maxSteps(1), Rule.expectMessage("x")));

        assertThat(text(rules.judge(facts("{'total_steps':2}"))))
                .isEqualTo("fail max-steps: the task has 2 steps (expected at most 1)");
    }

    @Property
    void verdict_isTheWorstOfTheRules(@ForAll("rules") List<Rule> rules, @ForAll("tasks") TaskFacts task) {
        List<Label> labels =
                rules.stream().map(rule -> rule.check(task).label()).toList();
        Label expected =
                labels.contains(Label.FAIL) ? Label.FAIL : labels.contains(Label.UNCLEAR) ? Label.UNCLEAR : Label.PASS;

        Judgement judgement = new RuleSet(rules).judge(task);

        assertThat(judgement.value()).isEqualTo(expected);
        assertThat(judgement.reason()).isNotBlank().hasSizeLessThanOrEqualTo(1_000);
    }

    @Property
    void equalRules_haveTheSameVersion_andOthersAnotherOne(
            @ForAll("rules") List<Rule> rules, @ForAll("rules") List<Rule> others) {
        String version = new RuleSet(rules).version();

        assertThat(version).matches("[0-9a-f]{12}");
        assertThat(new RuleSet(new ArrayList<>(others)).version().equals(version))
                .isEqualTo(texts(rules).equals(texts(others)));
    }

    private static List<String> texts(List<Rule> rules) {
        return rules.stream().map(rule -> rule.name() + rule.values()).toList();
    }

    @Provide
    Arbitrary<List<Rule>> rules() {
        return Arbitraries.of(
                        Rule.expectApp("天气"),
                        Rule.expectApp("相机"),
                        Rule.expectMessage("天气"),
                        Rule.expectMessage("a"),
                        Rule.expectScreen("00000000ffffffff", 4),
                        Rule.expectScreen("00000000ffffffff", 40),
                        Rule.maxSteps(3),
                        Rule.maxSteps(4),
                        Rule.noFailedStepAfterSuccess())
                .list()
                .ofMinSize(1)
                .ofMaxSize(4)
                .map(list -> List.<Rule>copyOf(list));
    }

    @Provide
    Arbitrary<TaskFacts> tasks() {
        Arbitrary<StepFacts> steps = Combinators.combine(
                        Arbitraries.integers().between(1, 9),
                        Arbitraries.of(true, false).injectNull(0.3),
                        Arbitraries.of("天气", "相机", "x".repeat(5_000)).injectNull(0.5),
                        Arbitraries.of("天气", "相机").injectNull(0.5),
                        Arbitraries.of(new Screen("after", "00000000fffffff0"), new Screen("before", null))
                                .injectNull(0.5))
                .as((number, succeeded, current, launched, screen) ->
                        new StepFacts(number, succeeded, current, current, number > 3, launched, screen));
        return Combinators.combine(
                        Arbitraries.of("a", "天气", "y".repeat(5_000)).injectNull(0.3),
                        steps.list().ofMaxSize(6))
                .as((message, list) -> new TaskFacts(message, list.size(), list));
    }

    /** Judges a task with these steps by one rule. */
    private static String judge(Rule rule, String... steps) {
        return text(new RuleSet(List.of(rule)).judge(facts("{}", steps)));
    }

    private static String text(Judgement judgement) {
        return judgement.valueText() + " " + judgement.reason();
    }

    private static TaskFacts facts(String task, String... steps) {
        try {
            List<StepFacts> facts = new ArrayList<>();
            for (String step : steps) {
                facts.add(StepFacts.of(JSON.readTree(step.replace('\'', '"'))));
            }
            return TaskFacts.of(JSON.readTree(task.replace('\'', '"')), facts);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
