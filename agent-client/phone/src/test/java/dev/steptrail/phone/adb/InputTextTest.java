package dev.steptrail.phone.adb;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class InputTextTest {
    @Test
    void commands_text_replacesSpacesAndQuotes_andSplitsPercentS() {
        assertThat(InputText.commands("hello world")).containsExactly("input text hello%sworld");
        assertThat(InputText.commands("it's $5; 100%")).containsExactly("input text 'it'\\''s%s$5;%s100%'");
        assertThat(InputText.commands("50%sale")).containsExactly("input text 50%", "input text sale");
        assertThat(InputText.commands("")).isEmpty();
    }

    @Test
    void commands_newlinesAndTabs_areKeys_ofFewCommands() {
        assertThat(InputText.commands("a\n\tb\n"))
                .containsExactly(
                        "input text a",
                        "input keyevent KEYCODE_ENTER KEYCODE_TAB",
                        "input text b",
                        "input keyevent KEYCODE_ENTER");

        String keys = " KEYCODE_ENTER".repeat(100);

        assertThat(InputText.commands("\n".repeat(250) + "b"))
                .containsExactly(
                        "input keyevent" + keys,
                        "input keyevent" + keys,
                        "input keyevent" + " KEYCODE_ENTER".repeat(50),
                        "input text b");
    }

    @Test
    void canType_asciiOnly() {
        assertThat(InputText.canType("tab\tnewline\n~")).isTrue();
        assertThat(InputText.canType("café")).isFalse();
        assertThat(InputText.canType("设置")).isFalse();
        assertThat(InputText.canType("\u0007")).isFalse();
    }

    @Test
    void focusedText_readsTheFocusedNode() {
        String tree = "<node text=\"other\" focused=\"false\" /><node index=\"0\" text=\"a&amp;b&#10;c&#128512;\""
                + " content-desc=\"x\" focused=\"true\" bounds=\"[0,0][1,1]\" />";

        assertThat(PhoneKeyboard.focusedText(tree)).isEqualTo("a?b\nc?");
        assertThat(PhoneKeyboard.focusedText("<node text=\"a\" focused=\"false\" />"))
                .isEmpty();
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // a pattern cannot be interrupted
    void focusedText_manyStarts_endsInTime() {
        assertThat(PhoneKeyboard.focusedText("<node focused=\"true\"".repeat(200_000)))
                .isEmpty();
    }
}
