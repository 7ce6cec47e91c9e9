package dev.steptrail.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.store.judgements.TaskJudgements;
import dev.steptrail.store.model.TaskSummary;
import dev.steptrail.store.model.TaskSummary.Finding;
import dev.steptrail.store.model.TaskSummary.Suggestion;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the texts of findings and suggestions in both languages. */
class InsightTextTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "gap|{'total':2,'dropped_steps':0}|2 missing|缺失 2 个",
                "gap|{'total':2,'dropped_steps':1}|2 missing; the recorder reported 1 dropped|缺失 2 个；记录端报告丢弃了 1 个",
                "clock_backwards|{'total':1,'largest_ms':3000}|Count: 1; largest: 3.0 s|1 次，最多相差 3.0 s",
                "loop|{'count':3,'action':'Tap','screen':'unchanged','first_action':'{}'}"
                        + "|Tap, 3 times, on an unchanged screen; first {}|Tap，3 次，画面没有变化；首次：{}",
                "loop|{'count':3,'screen':'unknown'}"
                        + "|The same action, 3 times, on an unknown screen|相同的动作，3 次，画面未知",
                "no_progress|{'count':7,'screen':'unchanged'}|7 steps in a row, on an unchanged screen|连续 7 步，画面没有变化",
                "no_progress|{'count':6,'screen':'unknown','actions':2}"
                        + "|The same 2 actions repeated over 6 steps, on an unknown screen"
                        + "|同样的 2 个动作反复出现，共 6 步，画面未知",
                "path_deviation|{'usual_action':'Tap 1,2'}|Usual action: Tap 1,2|通常的动作：Tap 1,2",
                "novel|{'a':1}|{'a':1}|{'a':1}",
            })
    void finding_isDescribedInASentence_orByItsDetail(String kind, String detail, String english, String chinese) {
        Finding finding = new Finding(kind, List.of(1), detail.replace('\'', '"'));

        assertThat(new InsightText(Language.EN).describe(finding)).isEqualTo(english.replace('\'', '"'));
        assertThat(new InsightText(Language.ZH).describe(finding)).isEqualTo(chinese.replace('\'', '"'));
    }

    @Test
    void waits_withKnownDuration_containIt() {
        Suggestion untimed = new Suggestion("too_many_waits", List.of(1), "{\"count\":5,\"steps\":20}");
        Suggestion timed =
                new Suggestion("too_many_waits", List.of(1), "{\"count\":5,\"steps\":20,\"waited_ms\":61000}");

        assertThat(new InsightText(Language.EN).describe(untimed)).startsWith("5 of 20 steps are waits. Wait once");
        assertThat(new InsightText(Language.EN).describe(timed))
                .startsWith("5 of 20 steps are waits (1:01 min in total). Wait once");
        assertThat(new InsightText(Language.ZH).describe(timed)).startsWith("5 步（共 20 步）是等待（合计 1:01 min）。");
    }

    @Test
    void report_containsFindingsAndSuggestions() {
        TaskSummary summary = TestSteps.summary(
                List.of(
                        new Finding("missing_screenshot", List.of(2), null),
                        new Finding("loop", List.of(1, 2, 3), "{\"count\":3,\"screen\":\"unchanged\"}")),
                List.of(new Suggestion("unknown_app", List.of(5), "{\"app\":\"相机\",\"count\":1}")));
        ReportMarkdown report = new ReportMarkdown(
                new ReportContent(TestSteps.task("camera", "", 0), summary, TaskJudgements.NONE, null),
                Language.EN,
                false);

        assertThat(report.text())
                .contains(
                        "| Missing screenshot | 2 |  |\n",
                        "| Repeated action | 1, 2, 3 | The same action, 3 times, on an unchanged screen |\n",
                        "| App “相机” is not in the agent's app list. Add it,");
    }
}
