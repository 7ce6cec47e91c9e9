package dev.steptrail.store.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SendersTest {
    @Test
    void keyWithControlCharacters_hasNoSender() {
        assertThat(Senders.ofKey("screenshots/sender/task/a b é 相.webp")).isEqualTo("sender");
        assertThat(Senders.ofKey("screenshots/sender/task/a\u0001.webp")).isNull();
        assertThat(Senders.ofKey("screenshots/sen\nder/task/a.webp")).isNull();
    }

    private static final UUID TASK = UUID.fromString("019ca8d7-2d00-7614-be0c-a34679c541d0");
    private final Senders senders = new Senders(List.of(
            new Agent("AROALAB", "alice", List.of()),
            new Agent("AROALAB:phone-7", "carol", List.of()),
            new Agent("AIDAALICE", "alice", List.of()),
            new Agent("AIDABOB", "bob", List.of())));

    @Test
    void sessionOfARole_isTheRolesAgent() {
        assertThat(senders.of("AROALAB:phone-1")).extracting(Agent::owner).isEqualTo("alice");
    }

    @Test
    void separatelyRegisteredSession_isASeparateAgent() {
        assertThat(senders.of("AROALAB:phone-7")).extracting(Agent::owner).isEqualTo("carol");
    }

    @ParameterizedTest
    @ValueSource(strings = {"b.webp", "a.webp", "abc"})
    void isIn_keyOfAFileInTheFolder_isTrue(String file) {
        assertThat(Senders.isIn("screenshots/AIDABOB/task/", "screenshots/AIDABOB/task/" + file))
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
                "payloads/AIDABOB/task/a.webp",
                ""
            })
    void isIn_anyOtherKey_isFalse(String key) {
        assertThat(Senders.isIn("screenshots/AIDABOB/task/", key)).isFalse();
        assertThat(Senders.isIn("screenshots/AIDABOB/task/", "screenshots/AIDABOB/task/" + "é".repeat(510)))
                .isFalse();
    }

    @Test
    void longerOrShorterId_isNotRegistered() {
        assertThat(senders.of("AROALAB2:phone-1")).isNull();
        assertThat(senders.of("AROALA")).isNull();
        assertThat(senders.of("")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"AIDAALICE", "AROALAB:phone-1", "AROALAB"})
    void isKeyOf_keyOfAnySenderOfTheOwner_isTrue(String sender) {
        assertThat(senders.isKeyOf("screenshots", "alice", TASK, "screenshots/" + sender + "/" + TASK + "/a.webp"))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "screenshots/AIDABOB/019ca8d7-2d00-7614-be0c-a34679c541d0/a.webp",
                "screenshots/AROALAB:phone-7/019ca8d7-2d00-7614-be0c-a34679c541d0/a.webp",
                "screenshots/AIDAALICE/019ca8d7-2d00-7614-be0c-a34679c541d1/a.webp",
                "screenshots/AIDAALICE/019ca8d7-2d00-7614-be0c-a34679c541d0/",
                "screenshots/AIDAALICE/019ca8d7-2d00-7614-be0c-a34679c541d0/../../AIDABOB/a.webp",
                "screenshots/AIDAALICE/019ca8d7-2d00-7614-be0c-a34679c541d0/..",
                "screenshots/AIDAALICE/a.webp",
                "payloads/AIDAALICE/019ca8d7-2d00-7614-be0c-a34679c541d0/a.webp",
                "/screenshots/AIDAALICE/019ca8d7-2d00-7614-be0c-a34679c541d0/a.webp",
                ""
            })
    void isKeyOf_anyOtherKey_isFalse(String key) {
        assertThat(senders.isKeyOf("screenshots", "alice", TASK, key)).isFalse();
    }

    @Test
    void keyInAnotherFolder_isRejected() {
        String key = "payloads/AIDAALICE/" + TASK + "/a.json.gz";

        assertThat(senders.isKeyOf("payloads", "alice", TASK, key)).isTrue();
        assertThat(senders.isKeyOf("payloads", "bob", TASK, key)).isFalse();
        assertThat(senders.isKeyOf("screenshots", "alice", TASK, key)).isFalse();
    }

    @Test
    void keyOverTheS3Limit_hasNoSender() {
        String folder = "screenshots/AIDAALICE/" + TASK + "/";

        assertThat(senders.isKeyOf("screenshots", "alice", TASK, folder + "x".repeat(1024 - folder.length())))
                .isTrue();
        assertThat(senders.isKeyOf("screenshots", "alice", TASK, folder + "x".repeat(1025 - folder.length())))
                .isFalse();
        assertThat(senders.isKeyOf("screenshots", "alice", TASK, folder + "相".repeat(400)))
                .isFalse();
    }
}
