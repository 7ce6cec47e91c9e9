package dev.steptrail.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StepsCsvTest {
    /** What a spreadsheet evaluates, after invisible characters. */
    private static final Pattern FORMULA = Pattern.compile("[\\s\\p{Z}\\p{C}]*[=+\\-@＝＋－＠].*", Pattern.DOTALL);

    @Test
    void step_isARow_andTheTextStartsWithAByteOrderMark() throws IOException {
        StepsCsv csv = new StepsCsv(false);
        assertThat(csv.add(TestSteps.step(1, "用户要求：\n\"打开\", 相机", "App not found: 相机"), null))
                .isTrue();

        assertThat(csv.text())
                .startsWith("\uFEFFstep_number,created_at,step_type,")
                .endsWith("\r\n");
        CSVRecord row = rows(csv).get(0);
        assertThat(row.get("step_number")).isEqualTo("1");
        assertThat(row.get("created_at")).isEqualTo("2026-03-01T10:00:01Z");
        assertThat(row.get("action_name")).isEqualTo("Launch");
        assertThat(row.get("action")).isEqualTo("{\"action\":\"Launch\",\"app\":\"相机\"}");
        assertThat(row.get("thinking")).isEqualTo("用户要求：\n\"打开\", 相机");
        assertThat(row.get("success")).isEqualTo("false");
        assertThat(row.get("model_ms")).isEqualTo("80");
        assertThat(row.get("error_message")).isEqualTo("App not found: 相机");
        assertThat(row.get("screenshot_path")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\t", "\r", ";", " \n\t", "\"\n"})
    @Timeout(20)
    void manySeparators_takeLinearTime(String separators) throws IOException {
        String text = separators.repeat(256 * 1024 / separators.length());

        assertThat(thinking("x" + text + "=1")).isEqualTo("x" + text + "'=1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"=1+1", "+1", "-1", "@SUM(A1)", " =1", "＝1", "＋1", "－1", "＠1", "\u00A0=1", "\uFEFF \u2003+1"})
    void formula_isPrefixed_alsoAfterASeparator(String formula) throws IOException {
        assertThat(thinking(formula)).isEqualTo("'" + formula);
        for (String text : List.of("x;", "x;;", "x\t", "x\r\n", "x;y=1;", "a-b;")) {
            assertThat(thinking(text + formula)).isEqualTo(text + "'" + formula);
        }
    }

    @Test
    void quotesAndSeparatorsBeforeAFormula_areKept() throws IOException {
        assertThat(thinking("x;\"=1\";@a")).isEqualTo("x;'\"=1\";'@a");
        assertThat(thinking("\t=1")).isEqualTo("'\t'=1");
        assertThat(thinking("\n=1")).isEqualTo("'\n'=1");
        assertThat(thinking("x;y=1")).isEqualTo("x;y=1");
    }

    @Test
    void separatorsOfOtherPrograms_areQuoted() {
        StepsCsv csv = new StepsCsv(false);
        csv.add(TestSteps.step(1, "x;y\tz", "a:b.c-1"), null);

        assertThat(csv.text()).contains(",a:b.c-1,\"x;y\tz\",");
    }

    @Property
    void anyText_isParsedBack_withoutAFormula(@ForAll("texts") String thinking) throws IOException {
        String cell = thinking(thinking);

        assertThat(cell.replace("'", "")).isEqualTo(thinking.replace("'", ""));
        for (String part : cell.split("[;\t\r\n]")) {
            assertThat(part).doesNotMatch(FORMULA);
        }
    }

    /** Any text, and with the same probability one of the characters that start or hide a formula. */
    @Provide
    static Arbitrary<String> texts() {
        return Arbitraries.oneOf(
                Arbitraries.strings(), Arbitraries.strings().withChars("=+-@＝＋－＠;\t\r\n \u00A0\u200B\uFEFF\"'x"));
    }

    @Test
    void stepsThatDoNotFit_areOmitted_andTheLastRowSaysFromWhere() throws IOException {
        StepsCsv csv = new StepsCsv(false);
        int number = 1;
        while (csv.add(TestSteps.step(number, "\u0001相".repeat(50_000), null), null)) {
            number++;
        }

        assertThat(csv.text().getBytes(UTF_8)).hasSizeBetween(4_000_000, 4_500_000);
        CSVRecord last = rows(csv).get(number - 1);
        assertThat(last.get("step_type")).isEqualTo("cut");
        assertThat(last.get("error_message")).startsWith("Steps from " + number + " on are omitted");
    }

    private static String thinking(String thinking) throws IOException {
        StepsCsv csv = new StepsCsv(false);
        csv.add(TestSteps.step(1, thinking, null), null);
        assertThat(rows(csv)).hasSize(1);
        return rows(csv).get(0).get("thinking");
    }

    private static List<CSVRecord> rows(StepsCsv csv) throws IOException {
        CSVFormat format = CSVFormat.RFC4180
                .builder()
                .setHeader()
                .setSkipHeaderRecord(true)
                .get();
        try (CSVParser parser = CSVParser.parse(csv.text().substring(1), format)) {
            return parser.getRecords();
        }
    }
}
