package dev.steptrail.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class CopyTextTest {
    @Test
    void nullAndTheTextThatMeansNull_areToldApart() {
        CopyText rows = new CopyText();
        rows.add(null).add("\\N").add("").add(7).endRow();

        assertThat(text(rows)).isEqualTo("\\N\t\\\\N\t\t7\n");
    }

    @Test
    void whatPartsValuesAndRows_isEscaped() {
        CopyText rows = new CopyText();
        rows.add("a\tb\nc\rd\\e").endRow();

        assertThat(text(rows)).isEqualTo("a\\tb\\nc\\rd\\\\e\n");
    }

    @Property
    void anyText_staysOneValueOfOneRowAndReadsBack(@ForAll @Size(min = 1, max = 5) List<String> values) {
        CopyText rows = new CopyText();
        values.forEach(rows::add);
        rows.endRow();

        String text = text(rows);
        String line = text.substring(0, text.length() - 1);
        assertThat(line).doesNotContain("\n", "\r");
        assertThat(read(line))
                .isEqualTo(values.stream().map(CopyTextTest::wellFormed).toList());
    }

    private static String text(CopyText rows) {
        return new String(rows.take(), StandardCharsets.UTF_8);
    }

    private static String wellFormed(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    private static List<String> read(String line) {
        List<String> values = new ArrayList<>();
        for (String value : line.split("\t", -1)) {
            StringBuilder read = new StringBuilder();
            for (int i = 0; i < value.length(); i++) {
                char c = value.charAt(i);
                read.append(
                        c != '\\'
                                ? c
                                : switch (value.charAt(++i)) {
                                    case 't' -> '\t';
                                    case 'n' -> '\n';
                                    case 'r' -> '\r';
                                    case '\\' -> '\\';
                                    default -> throw new AssertionError("no escape of COPY: " + value);
                                });
            }
            values.add(read.toString());
        }
        return values;
    }
}
