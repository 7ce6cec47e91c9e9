package dev.steptrail.cli.phone.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.cli.evaluate.Rule;
import dev.steptrail.cli.phone.suite.Suite.Case;
import dev.steptrail.cli.phone.suite.Suite.DeviceChoice;
import dev.steptrail.phone.autoglm.Limits;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuiteFileTest {
    /** The limits of the options. */
    private static final Limits LIMITS = new Limits(50, null, 5_000L, null);

    @TempDir
    private Path folder;

    private Suite read(String yaml) throws IOException {
        return SuiteFile.read(Files.writeString(folder.resolve("suite.yaml"), yaml), LIMITS);
    }

    @Test
    void read_allFields_returnsThem() throws Exception {
        Suite suite = read("""
                experiment: nightly/7
                devices: each
                repeats: 3
                max_steps: 20
                max_cost: 0.5
                attributes: {prompt_version: "8", build: 1207, beta: true}
                cases:
                  - id: 007
                    instruction: 打开设置，把音量调到最大
                    max_steps: 15
                    max_seconds: 300
                    repeats: 5
                    expect:
                      app: Settings
                      message: max
                      max_steps: 12
                      no_failed_step_after_success: true
                  - {id: note, instruction: Write a note, evaluator: {command: sh judge.sh, name: judge, version: 2}}
                  - {id: list, instruction: x, evaluator: {command: [sh, judge.sh, 1], name: judge, version: 2}}
                """);

        assertThat(suite.experiment()).isEqualTo("nightly/7");
        assertThat(suite.devices()).isEqualTo(DeviceChoice.EACH);
        assertThat(suite.attributes()).isEqualTo(Map.of("prompt_version", "8", "build", 1207L, "beta", true));
        Case first = suite.cases().get(0);
        assertThat(first.id()).isEqualTo("007");
        assertThat(first.instruction()).isEqualTo("打开设置，把音量调到最大");
        assertThat(first.repeats()).isEqualTo(5);
        assertThat(first.limits()).isEqualTo(new Limits(15, Duration.ofSeconds(300), 5_000L, new BigDecimal("0.5")));
        assertThat(first.evaluator()).isInstanceOfSatisfying(CaseEvaluator.ByRules.class, rules -> assertThat(
                        rules.rules().rules())
                .extracting(Rule::name)
                .containsExactly("expect-app", "expect-message", "max-steps", "no-failed-step-after-success"));
        Case second = suite.cases().get(1);
        assertThat(second.repeats()).isEqualTo(3);
        assertThat(second.limits().steps()).as("of the file").isEqualTo(20);
        assertThat(suite.beforeEach()).isEqualTo(Preparation.HOME);
        assertThat(second.evaluator()).isInstanceOfSatisfying(CaseEvaluator.ByProgram.class, program -> {
            assertThat(program.name()).isEqualTo("judge");
            assertThat(program.version()).isEqualTo("2");
        });
    }

    @Test
    void beforeEach_isHomeNoneOrACommand() throws Exception {
        for (String text : List.of("home", "none", "{command: sh reset.sh}", "{command: [sh, reset.sh], timeout: 5}")) {
            Suite suite = read("before_each: " + text + "\ncases: [{id: a, instruction: x}]");
            assertThat(suite.beforeEach().description()).isEqualTo(text.startsWith("{") ? "sh reset.sh" : text);
        }
    }

    @Test
    void digest_changesWithInstructionLimitsAndEvaluator() throws Exception {
        String base = read("cases: [{id: a, instruction: x}]").cases().get(0).digest();

        assertThat(read("cases: [{id: b, instruction: x, repeats: 9}]")
                        .cases()
                        .get(0)
                        .digest())
                .isEqualTo(base);
        for (String changed :
                new String[] {"instruction: y", "instruction: x, max_steps: 3", "instruction: x, expect: {message: z}"
                }) {
            assertThat(read("cases: [{id: a, " + changed + "}]").cases().get(0).digest())
                    .as(changed)
                    .isNotEqualTo(base);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    cases: [{id: a, instruction: x}, {id: a, instruction: y}]|1: cases[1].id is that of another case: 'a'
                    cases: []|1: cases must contain at least one case
                    cases: {id: a}|1: cases must be a list
                    cases: [a]|1: cases[0] must be a mapping of fields to values
                    cases: [{id: a}]|1: cases[0].instruction is missing
                    cases: [{id: '', instruction: x}]|1: cases[0].id must not be empty
                    cases: [{id: a, instruction: }]|1: cases[0].instruction must not be empty
                    cases: [{id: a, instruction: [x]}]|1: cases[0].instruction must be a text
                    cases: [{id: a, instruction: x, repeats: 0}]|1: cases[0].repeats must be 1 to 1000, but is 0
                    cases: [{id: a, instruction: x, max_steps: ten}]|1: cases[0].max_steps must be an integer from 1 to 2147483647, but is 'ten'
                    cases: [{id: a, instruction: x, max_cost: -1}]|1: cases[0].max_cost must be more than 0, but is -1
                    cases: [{id: a, instruction: x, expect: {}}]|1: cases[0].expect.app or another rule is missing
                    cases: [{id: a, instruction: x, expect: {max_distance: 3}}]|1: cases[0].expect.max_distance requires screen
                    cases: [{id: a, instruction: x, expect: {no_failed_step_after_success: yes}}]|1: cases[0].expect.no_failed_step_after_success must be true or false, but is 'yes'
                    cases: [{id: a, instruction: x, evaluator: {command: "'x"}}]|1: cases[0].evaluator.command is not valid: the quote ' is not closed, for example [python3, judge.py]
                    cases: [{id: a, instruction: x, evaluator: {command: no-such-program}}]|1: cases[0].evaluator.command names no executable file: 'no-such-program'
                    cases: [{id: a, instruction: x, evaluator: {command: {a: b}}}]|1: cases[0].evaluator.command must be a list or a text, for example [python3, judge.py]
                    cases: [{id: a, instruction: x, evaluator: {command: []}}]|1: cases[0].evaluator.command must begin with a program, for example [python3, judge.py]
                    cases: [{id: a, instruction: x, evaluator: {command: [sh, [a]]}}]|1: cases[0].evaluator.command must contain only texts, for example [python3, judge.py]
                    cases: [{id: a, instruction: x, evaluator: {name: j}}]|1: cases[0].evaluator.command is missing, for example [python3, judge.py]
                    before_each: back|1: before_each must be home, none or {command: [./reset.sh]}, but is 'back'
                    before_each: {command: no-such-program}|1: before_each.command names no executable file: 'no-such-program'
                    before_each: [./reset.sh]|1: before_each must be home, none or {command: [./reset.sh]}
                    before_each: {}|1: before_each.command is missing, for example [./reset.sh]
                    before_each: {command: sh, name: x}|1: before_each.name is not a field
                    devices: all|1: devices must be any or each, but is 'all'
                    experiment: a/../b|1: experiment must have at most 200 characters, and must not contain
                    [1|1: the YAML is not valid:
                    """)
    void read_invalidFile_namesFileLineAndField(String yaml, String problem) {
        assertThatThrownBy(() -> read(yaml))
                .isInstanceOf(SuiteFileException.class)
                .hasMessageStartingWith(folder.resolve("suite.yaml") + ":" + problem);
    }

    @Test
    void read_folderOrBinaryFile_saysWhatTheFileIs() throws Exception {
        assertThatThrownBy(() -> SuiteFile.read(folder, LIMITS))
                .isInstanceOf(SuiteFileException.class)
                .hasMessage(folder + " is a folder (expected a YAML file)");
        Path picture = Files.write(folder.resolve("picture.png"), new byte[] {(byte) 0x89, 'P', 'N', 'G'});
        assertThatThrownBy(() -> SuiteFile.read(picture, LIMITS))
                .isInstanceOf(SuiteFileException.class)
                .hasMessage(picture + " is not UTF-8 text (expected a YAML file)");
    }

    @Test
    void read_unknownField_isReportedWithItsLine_andSuggestion() {
        assertThatThrownBy(() -> read("cases:\n  - id: a\n    instruction: x\n    max_step: 3\n"))
                .hasMessageStartingWith(folder.resolve("suite.yaml")
                        + ":4: cases[0].max_step is not a field (did you mean 'max_steps'?); expected ");
        assertThatThrownBy(() -> read("cases:\n  - id: a\n    id: b\n"))
                .hasMessage(folder.resolve("suite.yaml") + ":3: cases[0].id is given twice");
    }

    @Test
    void read_missingPictureOrFile_namesIt() {
        assertThatThrownBy(() -> read("cases: [{id: a, instruction: x, expect: {screen: no.png}}]"))
                .hasMessageEndingWith(
                        ":1: cases[0].expect.screen names a picture that does not exist: " + folder.resolve("no.png"));
        assertThatThrownBy(() -> read("cases: [{id: a, instruction: x, expect: {screen: /dev/zero}}]"))
                .hasMessageEndingWith(":1: cases[0].expect.screen must be a file, but /dev/zero is not");
        assertThatThrownBy(() -> SuiteFile.read(folder.resolve("none.yaml"), LIMITS))
                .hasMessage(folder.resolve("none.yaml") + " does not exist");
    }
}
