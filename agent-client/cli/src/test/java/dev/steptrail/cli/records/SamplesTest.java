package dev.steptrail.cli.records;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The samples stay small, because the release's archive contains them. */
class SamplesTest {
    @Test
    void samples_takeLessThanTwoAndAHalfMegabytes() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("samples"))) {
            assertThat(files.mapToLong(file -> file.toFile().length()).sum()).isBetween(1_000_000L, 2_500_000L);
        }
    }
}
