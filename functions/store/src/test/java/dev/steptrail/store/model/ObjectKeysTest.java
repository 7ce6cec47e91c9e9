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
    @ValueSource(strings = {"b.webp", "a.webp", "abc"})
    void isFileInFolder_keyOfAFileInTheFolder_isTrue(String file) {
        assertThat(ObjectKeys.isFileInFolder("screenshots/AIDABOB/task/", "screenshots/AIDABOB/task/" + file))
                .isTrue();
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
                "screenshots/AIDABOB/tasks/a.webp",
                "screenshots/AIDABOC/task/a.webp",
                "attachments/AIDABOB/task/a.webp",
                ""
            })
    void isFileInFolder_anyOtherKey_isFalse(String key) {
        assertThat(ObjectKeys.isFileInFolder("screenshots/AIDABOB/task/", key)).isFalse();
        assertThat(ObjectKeys.isFileInFolder(
                        "screenshots/AIDABOB/task/", "screenshots/AIDABOB/task/" + "é".repeat(510)))
                .isFalse();
    }
}
