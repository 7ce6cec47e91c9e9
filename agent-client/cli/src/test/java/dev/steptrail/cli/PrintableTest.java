package dev.steptrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrintableTest {
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
        assertThat(Printable.line("a" + character + "b")).isEqualTo("a?b");
    }

    @Test
    void lettersOfAllScripts_areAsTheyAre() {
        String text = "Wetter é 天气 مرحبا \ud83d\udcf7 ?.json";

        assertThat(Printable.line(text)).isEqualTo(text);
    }

    @Test
    void json_isTheSameToPrograms_andSteersNoTerminal() throws Exception {
        JsonNode json = JsonNodeFactory.instance.objectNode().put("a", "天气 \\ \n\u001b\u009b2J\u202e\udb40\udc41");

        String printable = Printable.json(json.toPrettyString());

        assertThat(new ObjectMapper().readTree(printable)).isEqualTo(json);
        assertThat(printable).contains("天气").doesNotContainPattern("[\\p{Cc}\\p{Cf}&&[^\r\n]]");
    }
}
