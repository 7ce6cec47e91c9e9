package dev.steptrail.store.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectKeysTest {
    @Test
    void keyWithControlCharacters_hasNoSender() {
        assertThat(ObjectKeys.senderId("screenshots/sender/task/a b é 相.webp")).isEqualTo("sender");
        assertThat(ObjectKeys.senderId("screenshots/sender/task/a\u0001.webp")).isNull();
        assertThat(ObjectKeys.senderId("screenshots/sen\nder/task/a.webp")).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "screenshots/AIDABOB/task/",
                "screenshots/AIDABOB/task/..",
                "screenshots/AIDABOB/task/../a.webp",
                "screenshots/AIDABOB/task/a/b.webp",
                "screenshots/AIDABOB/task/a\u0001.webp",
                "screenshots/AIDABOB/task",
                ""
            })
    void keyWithAnotherFormat_hasNoSender(String key) {
        assertThat(ObjectKeys.senderId(key)).isNull();
        assertThat(ObjectKeys.senderId("screenshots/AIDABOB/task/" + "é".repeat(510)))
                .isNull();
    }
}
