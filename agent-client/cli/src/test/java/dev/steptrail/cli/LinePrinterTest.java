package dev.steptrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinePrinterTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\n",
                "\r",
                "\t",
                "\0",
                "\u001b",
                "\u007f",
                "\u0085",
                "\u009b",
                "\u200b",
                "\u200e",
                "\u202e",
                "\u2066",
                "\u2028",
                "\u2029",
                "\ufeff",
                "\u00ad",
                "\udb40\udc41"
            })
    void whatSteersATerminalOrEndsALine_isAQuestionMark(String character) {
        assertThat(printed("a" + character + "b")).isEqualTo("a?b" + System.lineSeparator());
    }

    @Test
    void lettersOfAllScripts_areAsTheyAre() {
        String text = "Wetter é 天气 مرحبا \ud83d\udcf7 ?.json";

        assertThat(printed(text)).isEqualTo(text + System.lineSeparator());
    }

    @Test
    void json_isTheSameToPrograms_andSteersNoTerminal() throws Exception {
        StringWriter out = new StringWriter();
        JsonNode json = JsonNodeFactory.instance.objectNode().put("a", "天气 \\ \n\u001b\u009b2J\u202e\udb40\udc41");

        new LinePrinter(new PrintWriter(out, true)).printJson(json.toPrettyString());

        assertThat(new ObjectMapper().readTree(out.toString())).isEqualTo(json);
        assertThat(out.toString()).contains("天气").doesNotContainPattern("[\\p{Cc}\\p{Cf}&&[^\r\n]]");
    }

    private static String printed(String line) {
        StringWriter out = new StringWriter();
        new LinePrinter(new PrintWriter(out, true)).println(line);
        return out.toString();
    }
}
