package dev.steptrail.cli.phone;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ActionTextTest {
    @Test
    void of_describesActionAndValues() {
        assertThat(ActionText.of(Map.of("_metadata", "do", "action", "Tap", "element", List.of(499, 842))))
                .isEqualTo("Tap 499,842");
        assertThat(ActionText.of(Map.of("_metadata", "do", "action", "Launch", "app", "设置")))
                .isEqualTo("Launch app=设置");
        assertThat(ActionText.of(Map.of("_metadata", "finish", "message", "done")))
                .isEqualTo("finish");
        Map<String, Object> swipe = new LinkedHashMap<>();
        swipe.put("action", "Swipe");
        swipe.put("start", List.of(1, 2));
        swipe.put("end", List.of(3, 4));
        assertThat(ActionText.of(swipe)).isEqualTo("Swipe start=1,2 end=3,4");
    }

    @Test
    void of_longText_isShortenedByCharacters() {
        String text = "😀".repeat(100);

        assertThat(ActionText.of(Map.of("action", "Type", "text", text)))
                .isEqualTo("Type text=" + "😀".repeat(60) + "…");
    }
}
