package dev.steptrail.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.report.ExportKey.Format;
import dev.steptrail.store.admin.ShareRepository.Contents;
import dev.steptrail.store.model.Task;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExportKeyTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Task TASK = TestSteps.task("camera", "", 1);

    @Test
    void key_startsWithTheDeletionPrefix_andCanBeParsed() {
        for (Language language : Language.values()) {
            for (Format format : Format.values()) {
                for (boolean withModelCalls : List.of(false, true)) {
                    ExportKey key = ExportKey.of(TASK, "", language, Contents.ALL, withModelCalls, format, NOW);

                    assertThat(key.key()).startsWith("exports/alice/" + TestSteps.TASK + ".");
                    assertThat(ExportKey.parse(key.key())).contains(key);
                    assertThat(key.matches(TASK)).isTrue();
                }
            }
        }
    }

    @Test
    void keyForALink_hasWhatItIncludes_andNotTheOwner() {
        for (String digits : List.of("0000", "1000", "0100", "0010", "0001", "0111")) {
            Contents contents = new Contents(
                    digits.charAt(0) == '1', digits.charAt(1) == '1', digits.charAt(2) == '1', digits.charAt(3) == '1');
            ExportKey key = ExportKey.of(
                    TASK.shared(contents.includeDetails(), contents.includeJudgements()),
                    "",
                    Language.EN,
                    contents,
                    false,
                    Format.PDF,
                    NOW);

            assertThat(key.key())
                    .startsWith("exports/%links/" + TestSteps.TASK + ".")
                    .endsWith(".en." + digits + ".pdf");
            assertThat(ExportKey.parse(key.key())).contains(key);
            assertThat(key.matches(TASK)).isTrue();
            assertThat(ExportKey.parse(key.key().replace("%links", "alice")).map(parsed -> parsed.matches(TASK)))
                    .contains(false);
            assertThat(ExportKey.parse(key.key().replace("." + digits, "")).map(parsed -> parsed.matches(TASK)))
                    .contains(false);
        }
    }

    @Test
    void of_anotherState_isAnotherKey() {
        assertThat(at(TestSteps.revised(1), NOW))
                .isEqualTo(at(TestSteps.revised(1), NOW))
                .isNotEqualTo(at(TestSteps.revised(2), NOW))
                .isNotEqualTo(ExportKey.of(TestSteps.revised(1), "", Language.EN, Contents.ALL, true, Format.PDF, NOW));
    }

    @Test
    void of_runningTask_changesWithItsVerdictAndTags() {
        Instant time = Instant.parse("2026-03-01T10:00:10Z");

        assertThat(at(TestSteps.judged(time, "pass"), time))
                .isNotEqualTo(at(TestSteps.judged(time, "fail"), time))
                .isNotEqualTo(at(TestSteps.judged(time, null), time))
                .isNotEqualTo(at(TestSteps.judged(time, "pass", "nightly"), time))
                .isNotEqualTo(at(TestSteps.judgedByProgram(time, "pass"), time));
    }

    @Test
    void of_runningTask_changesEvery5Minutes_andOncePerStateWhenIdle() {
        Instant start = Instant.parse("2026-03-01T10:00:00Z");
        Task first = TestSteps.running(start.plusSeconds(10), 4);
        Task more = TestSteps.running(start.plusSeconds(40), 7);

        assertThat(at(more, start.plusSeconds(50))).isEqualTo(at(first, start.plusSeconds(20)));
        assertThat(at(more, start.plusSeconds(341)))
                .isNotEqualTo(at(first, start.plusSeconds(20)))
                .isEqualTo(at(more, start.plusSeconds(3600)));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3600}) // while steps arrive, and later
    void of_otherPrices_isAnotherKey(int secondsLater) {
        Task running = TestSteps.running(NOW, 1);
        Instant time = NOW.plusSeconds(secondsLater);

        assertThat(ExportKey.of(running, "1", Language.EN, Contents.ALL, false, Format.PDF, time))
                .isNotEqualTo(ExportKey.of(running, "2", Language.EN, Contents.ALL, false, Format.PDF, time));
    }

    private static ExportKey at(Task task, Instant now) {
        return ExportKey.of(task, "", Language.EN, Contents.ALL, false, Format.PDF, now);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "exports/alice/019b1ed6-ce02-7a41-b1c5-2f8a90d3e671.0123456789abcdef.en.exe",
                "exports/../019b1ed6-ce02-7a41-b1c5-2f8a90d3e671.0123456789abcdef.en.pdf",
                "exports/alice/019b1ed6-ce02-7a41-b1c5-2f8a90d3e671.0123456789abcdef.fr.pdf",
                "exports/alice/00000000000000000000000000000000000-.0123456789abcdef.en.pdf",
                "exports/alice/019b1ed6-ce02-7a41-b1c5-2f8a90d3e671.0123456789abcdef.en.1111.pdf",
                "archive/alice/019b1ed6-ce02-7a41-b1c5-2f8a90d3e671.jsonl.gz"
            })
    void parse_otherText_isEmpty(String key) {
        assertThat(ExportKey.parse(key)).isEmpty();
    }
}
