package dev.steptrail.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.store.model.Task;
import org.junit.jupiter.api.Test;

class ReportMarkdownTest {
    private static ReportMarkdown report(Task task, Language language) {
        return new ReportMarkdown(TestSteps.content(task), language, false);
    }

    @Test
    void report_isTablesWithTitles() {
        ReportMarkdown report = report(TestSteps.task("camera", "打开相机", 1), Language.EN);
        report.add(TestSteps.shortStep(1, "我需要\n打开", "App not found: 相机"));

        assertThat(report.text())
                .startsWith("# Task report: camera\n\n## Task\n\n|  |  |\n| --- | --- |\n| Task id | 019b1ed6-")
                .contains(
                        "| Description | 打开相机 |\n",
                        "| End reason | failed with a message |\n",
                        "| Total time | 1:30 min |\n",
                        "| Steps | 1:05 min | 1.2 s |",
                        "| Step interval (end to end) | 3.0 s | 1.5 s |",
                        "## Causes of errors\n\n| Cause | Count | First | Last |\n",
                        "| 1 | 2026-03-01 10:00:01 UTC | action | Launch app=相机 | 1.2 s | failed |"
                                + " App not found: 相机 | 我需要 打开 |\n");
    }

    @Test
    void attachment_isShownWithItsSize() {
        ReportMarkdown report = new ReportMarkdown(TestSteps.content(TestSteps.task(null, "", 1)), Language.EN, true);
        report.add(TestSteps.shortStep(
                1,
                "I tap",
                null,
                "[{\"field\":\"model_input\",\"path\":\"attachments/a\",\"file_hash\":\"ab\",\"file_size\":87}]"));

        assertThat(report.text()).endsWith("| I tap | stored separately, 87 bytes compressed | ok |\n");
    }

    @Test
    void experiment_andVerdict_areFacts() {
        ReportMarkdown report = report(TestSteps.judged(TestSteps.START, "fail"), Language.EN);

        assertThat(report.text())
                .contains("| Verdict | fail (human) |\n", "| Attributes | app=8.1, build={\"n\":1} |\n");
    }

    @Test
    void chineseReport_hasTheSameSections() {
        ReportMarkdown report = report(TestSteps.task("camera", "", 0), Language.ZH);

        assertThat(report.text())
                .startsWith("# 任务报告: camera\n")
                .contains("| 结束原因 | 失败（见消息） |", "| 步骤间隔（结束到结束） | 3.0 s |", "没有步骤。");
    }

    @Test
    void failureWithoutMessage_endedWithoutFinish() {
        ReportMarkdown report = report(TestSteps.stopped(), Language.EN);

        assertThat(report.text())
                .contains("| End reason | ended without finish |\n")
                .doesNotContain("| Message |");
    }

    @Test
    void textOfSenders_isEscaped() {
        assertThat(ReportMarkdown.escape("<script>a|b</script> ![x](http://e.vil) `c` www.evil.com **d**\r\n# e &lt;"))
                .isEqualTo("&lt;script&gt;a\\|b&lt;/script&gt; \\!\\[x\\](http\\://e.vil) \\`c\\` www\\.evil.com"
                        + " \\*\\*d\\*\\* \\# e &amp;lt;");
        assertThat(ReportMarkdown.escape("mail a@evil.example or @octocat of #12, # 13"))
                .as("addresses, mentions and references, which are not linked")
                .isEqualTo("mail a@&#8203;evil.example or @&#8203;octocat of \\#&#8203;12, \\# 13");
    }

    @Test
    void longReport_isTruncated_andSaysSo() {
        ReportMarkdown report = report(TestSteps.task(null, "", 1), Language.EN);
        int number = 1;
        while (report.add(TestSteps.shortStep(number, "x".repeat(1000), null))) {
            number++;
        }

        assertThat(report.text().getBytes(UTF_8)).hasSizeBetween(4_000_000, 4_500_000);
        assertThat(report.text())
                .contains("x".repeat(500) + " …")
                .doesNotContain("x".repeat(501))
                .endsWith("\n**Steps from " + number + " on are omitted because of the size limit."
                        + " The ZIP export contains all steps (records.jsonl).**\n");
    }
}
