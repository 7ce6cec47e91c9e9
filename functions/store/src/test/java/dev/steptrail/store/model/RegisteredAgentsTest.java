package dev.steptrail.store.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegisteredAgentsTest {
    private static final UUID TASK = UUID.fromString("019ca8d7-2d00-7614-be0c-a34679c541d0");
    private final RegisteredAgents agents = new RegisteredAgents(List.of(
            new Agent("AROALAB", "alice", List.of()),
            new Agent("AROALAB:phone-7", "carol", List.of()),
            new Agent("AIDAALICE", "alice", List.of()),
            new Agent("AIDABOB", "bob", List.of())));

    @ParameterizedTest
    @CsvSource({
        "AROALAB:phone-1, alice",
        "AROALAB:phone-7, carol", // registered separately
        "AROALAB2:phone-1,",
        "AROALA,",
        "'',"
    })
    void find_returnsTheAgentOfASession_elseOfItsRole(String sender, @Nullable String owner) {
        assertThat(Optional.ofNullable(agents.find(sender)).map(Agent::owner)).isEqualTo(Optional.ofNullable(owner));
    }

    @ParameterizedTest
    @ValueSource(strings = {"AIDAALICE", "AROALAB:phone-1", "AROALAB"})
    void isKeyOf_keyOfAnySenderOfTheOwner_isTrue(String sender) {
        for (String folder : List.of("screenshots", "attachments")) {
            String key = folder + "/" + sender + "/" + TASK + "/a b é 相.webp";
            assertThat(agents.isKeyOf(folder, "alice", TASK, key)).as(key).isTrue();
            assertThat(agents.isKeyOf(folder, "bob", TASK, key)).as(key).isFalse();
        }
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
                "screenshots/AIDAALICE/019ca8d7-2d00-7614-be0c-a34679c541d0/a/b.webp",
                "screenshots/AIDAALICE/019ca8d7-2d00-7614-be0c-a34679c541d0/a\u0001.webp",
                "screenshots/AIDA\nALICE/019ca8d7-2d00-7614-be0c-a34679c541d0/a.webp",
                "screenshots/AIDAALICE/019ca8d7-2d00-7614-be0c-a34679c541d0",
                "screenshots/AIDAALICE/a.webp",
                "attachments/AIDAALICE/019ca8d7-2d00-7614-be0c-a34679c541d0/a.webp",
                "/screenshots/AIDAALICE/019ca8d7-2d00-7614-be0c-a34679c541d0/a.webp",
                ""
            })
    void isKeyOf_anyOtherKey_isFalse(String key) {
        assertThat(agents.isKeyOf("screenshots", "alice", TASK, key)).isFalse();
    }

    @Test
    void keyOverTheS3Limit_hasNoSender() {
        String folder = "screenshots/AIDAALICE/" + TASK + "/";

        assertThat(ObjectKeys.senderId(folder + "x".repeat(1024 - folder.length())))
                .isEqualTo("AIDAALICE");
        assertThat(ObjectKeys.senderId(folder + "x".repeat(1025 - folder.length())))
                .isNull();
        assertThat(ObjectKeys.senderId(folder + "相".repeat(400))).isNull();
    }
}
