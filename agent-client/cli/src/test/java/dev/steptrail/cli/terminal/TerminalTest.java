package dev.steptrail.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TerminalTest {
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
    void printable_controlCharacter_isReplaced(String character) {
        assertThat(Terminal.printable("a" + character + "b")).isEqualTo("a?b");
    }

    @Test
    void printable_lettersOfAllScripts_areUnchanged() {
        String text = "Wetter é 天气 مرحبا \ud83d\udcf7 ?.json";

        assertThat(Terminal.printable(text)).isEqualTo(text);
    }

    @Test
    void printableJson_hasSameValue_withoutControlCharacters() throws Exception {
        JsonNode json = JsonNodeFactory.instance.objectNode().put("a", "天气 \\ \n\u001b\u009b2J\u202e\udb40\udc41");

        String printable = Terminal.printableJson(json.toPrettyString());

        assertThat(new ObjectMapper().readTree(printable)).isEqualTo(json);
        assertThat(printable).contains("天气").doesNotContainPattern("[\\p{Cc}\\p{Cf}&&[^\r\n]]");
    }

    @Test
    void width_chineseCharacterIsTwo_andAccentIsZero() {
        assertThat(Terminal.width("volume")).isEqualTo(6);
        assertThat(Terminal.width("音量，（大）")).isEqualTo(12);
        assertThat(Terminal.width("한글カナ")).isEqualTo(8);
        assertThat(Terminal.width("e\u0301\ud83d\udcf7")).isEqualTo(3);
        assertThat(Terminal.width("ﾊﾝ…é")).isEqualTo(4);
    }

    @Test
    void truncate_longText_endsBeforeFirstCharacterThatDoesNotFit() {
        assertThat(Terminal.truncate("把音量调大", 10)).isEqualTo("把音量调大");
        assertThat(Terminal.truncate("把音量调大", 9)).isEqualTo("把音量调…");
        assertThat(Terminal.truncate("把音量调大", 8)).isEqualTo("把音量…");
        assertThat(Terminal.truncate("\ud83d\udcf7\ud83d\udcf7", 3)).isEqualTo("\ud83d\udcf7…");
        assertThat(Terminal.truncate("abc", 0)).isEqualTo("…");
    }
}
