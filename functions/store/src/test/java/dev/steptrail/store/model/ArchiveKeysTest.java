package dev.steptrail.store.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ArchiveKeysTest {
    private static final UUID TASK = UUID.fromString("01a20e42-10e9-7923-920f-3c01bb59c63d");

    @Test
    void parts_areNumbered_fromTheSecondOn() {
        assertThat(ArchiveKeys.of("alice", TASK, 1)).isEqualTo("archive/alice/" + TASK + ".jsonl.gz");
        assertThat(ArchiveKeys.of("alice", TASK, 2)).isEqualTo("archive/alice/" + TASK + ".2.jsonl.gz");
        assertThat(ArchiveKeys.prefix("alice", TASK)).isEqualTo("archive/alice/" + TASK);
    }

    @Test
    void ownersWithSpecialCharacters_haveDistinctFolders() {
        assertThat(List.of("..", ".", "a/b", "a%2Fb", "中", " ").stream()
                        .map(owner -> ArchiveKeys.prefix(owner, TASK).split("/")[1]))
                .containsExactly("%2E%2E", "%2E", "a%2Fb", "a%252Fb", "%E4%B8%AD", "%20");
    }

    @Test
    void longestOwners_haveDistinctKeysWithinTheS3Limit() {
        String most = "\uD83D\uDCF7".repeat(255);

        String key = ArchiveKeys.of(most + "a", TASK, Integer.MAX_VALUE);

        assertThat(key.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(1024);
        assertThat(key).isNotEqualTo(ArchiveKeys.of(most + "b", TASK, Integer.MAX_VALUE));
    }
}
