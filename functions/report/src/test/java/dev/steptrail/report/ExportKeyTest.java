package dev.steptrail.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.report.ExportKey.Format;
import dev.steptrail.store.Task;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExportKeyTest {
    private static final Task TASK = TestSteps.task("camera", "", 1);

    @Test
    void aKey_beginsAsADeletionLooksForIt_andCanBeRead() {
        for (Language language : Language.values()) {
            for (Format format : Format.values()) {
                ExportKey key = ExportKey.of(TASK, language, format);

                assertThat(key.key()).startsWith("exports/alice/" + TestSteps.TASK + ".");
                assertThat(ExportKey.parse(key.key())).contains(key);
                assertThat(key.isOf(TASK)).isTrue();
            }
        }
    }

    @Test
    void anotherState_isAnotherKey() {
        assertThat(ExportKey.of(TASK, Language.EN, Format.PDF))
                .isEqualTo(ExportKey.of(TestSteps.task("other", "", 1), Language.EN, Format.PDF))
                .isNotEqualTo(ExportKey.of(TestSteps.task("camera", "", 2), Language.EN, Format.PDF));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "exports/alice/019b1ed6-ce02-7a41-b1c5-2f8a90d3e671.0123456789abcdef.en.exe",
                "exports/../019b1ed6-ce02-7a41-b1c5-2f8a90d3e671.0123456789abcdef.en.pdf",
                "exports/alice/019b1ed6-ce02-7a41-b1c5-2f8a90d3e671.0123456789abcdef.fr.pdf",
                "exports/alice/00000000000000000000000000000000000-.0123456789abcdef.en.pdf",
                "archive/alice/019b1ed6-ce02-7a41-b1c5-2f8a90d3e671.jsonl.gz"
            })
    void whatIsNoKey_isNone(String key) {
        assertThat(ExportKey.parse(key)).isEmpty();
    }
}
