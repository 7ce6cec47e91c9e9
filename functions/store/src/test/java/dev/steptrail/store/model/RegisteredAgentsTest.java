package dev.steptrail.store.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegisteredAgentsTest {
    private static final UUID TASK = UUID.fromString("019ca8d7-2d00-7614-be0c-a34679c541d0");
    private final RegisteredAgents agents = new RegisteredAgents(List.of(
            new Agent("AROALAB", "alice", List.of()),
            new Agent("AROALAB:phone-7", "carol", List.of()),
            new Agent("AIDAALICE", "alice", List.of()),
            new Agent("AIDABOB", "bob", List.of())));

    @Test
    void sessionOfARole_isTheRolesAgent() {
        assertThat(agents.find("AROALAB:phone-1")).extracting(Agent::owner).isEqualTo("alice");
    }

    @Test
    void separatelyRegisteredSession_isASeparateAgent() {
        assertThat(agents.find("AROALAB:phone-7")).extracting(Agent::owner).isEqualTo("carol");
    }

    @Test
    void longerOrShorterId_isNotRegistered() {
        assertThat(agents.find("AROALAB2:phone-1")).isNull();
        assertThat(agents.find("AROALA")).isNull();
        assertThat(agents.find("")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"AIDAALICE", "AROALAB:phone-1", "AROALAB"})
    void isKeyOf_keyOfAnySenderOfTheOwner_isTrue(String sender) {
        assertThat(agents.isKeyOf("screenshots", "alice", TASK, "screenshots/" + sender + "/" + TASK + "/a.webp"))
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
                "attachments/AIDAALICE/019ca8d7-2d00-7614-be0c-a34679c541d0/a.webp",
                "/screenshots/AIDAALICE/019ca8d7-2d00-7614-be0c-a34679c541d0/a.webp",
                ""
            })
    void isKeyOf_anyOtherKey_isFalse(String key) {
        assertThat(agents.isKeyOf("screenshots", "alice", TASK, key)).isFalse();
    }

    @Test
    void keyInAnotherFolder_isRejected() {
        String key = "attachments/AIDAALICE/" + TASK + "/a.json.gz";

        assertThat(agents.isKeyOf("attachments", "alice", TASK, key)).isTrue();
        assertThat(agents.isKeyOf("attachments", "bob", TASK, key)).isFalse();
        assertThat(agents.isKeyOf("screenshots", "alice", TASK, key)).isFalse();
    }

    @Test
    void keyOverTheS3Limit_hasNoSender() {
        String folder = "screenshots/AIDAALICE/" + TASK + "/";

        assertThat(agents.isKeyOf("screenshots", "alice", TASK, folder + "x".repeat(1024 - folder.length())))
                .isTrue();
        assertThat(agents.isKeyOf("screenshots", "alice", TASK, folder + "x".repeat(1025 - folder.length())))
                .isFalse();
        assertThat(agents.isKeyOf("screenshots", "alice", TASK, folder + "相".repeat(400)))
                .isFalse();
    }
}
