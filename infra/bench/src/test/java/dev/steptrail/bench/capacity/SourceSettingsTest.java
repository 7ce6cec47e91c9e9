package dev.steptrail.bench.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceSettingsTest {
    private static final Path TEMPLATE = Path.of("..", "..", "sam-template.yaml");

    @TempDir
    private Path folder;

    @Test
    void theTemplatesNumbers_areFound_andLambdaWouldTakeThem() throws IOException {
        SourceSettings settings = SourceSettings.read(TEMPLATE);

        assertThat(settings.batchSize()).isBetween(10, 10_000);
        assertThat(settings.window()).isBetween(Duration.ofSeconds(1), Duration.ofMinutes(5));
        assertThat(settings.concurrency()).isBetween(2, 1000);
        assertThat(settings.visibility())
                .isGreaterThanOrEqualTo(settings.timeout().multipliedBy(6));
        assertThat(settings.visibility().multipliedBy(settings.maxReceives())).isGreaterThan(Duration.ofHours(1));
        assertThat(settings.megabytes()).isBetween(128, 10_240);
    }

    @Test
    void aParametersNumber_isItsDefault_andAMissingOneIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("template.yaml"), """
                Parameters:
                  Most:
                    Default: 7
                Queue:
                  Size: !Ref Most
                  Arn: !GetAtt Other.Arn
                """);

        TemplateNumbers numbers = TemplateNumbers.read(file);

        assertThat(numbers.at("Queue.Size")).isEqualTo(7);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> numbers.at("Queue.Length"))
                .withMessageContaining("Queue.Length");
    }
}
