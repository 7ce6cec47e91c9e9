package dev.steptrail.bench.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.bench.Measurement;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class DatabaseOutageTest {
    /** Slower by far than measured. */
    private static final ServiceTime SERVICE =
            new ServiceTime(new ServiceTime.Part(20_000, 100, 50), new ServiceTime.Part(5_000, 100, 100), 1);

    private static List<Measurement> outage(SourceSettings settings) {
        return new DatabaseOutage(100, "refused at once", Duration.ofMillis(50), settings, SERVICE, 1).measurements();
    }

    @Test
    void withTheTemplatesNumbers_anHourWithoutTheDatabase_losesNothing() throws IOException {
        SourceSettings settings = SourceSettings.read(Path.of("..", "..", "sam-template.yaml"));

        assertThat(outage(settings)).allMatch(Measurement::held);
    }

    @Test
    void withAFewReceivesAlone_messagesBecomeDeadLetters() {
        SourceSettings settings = new SourceSettings(
                100, Duration.ofSeconds(1), 10, Duration.ofSeconds(30), Duration.ofMinutes(6), 5, 1024);

        assertThat(outage(settings))
                .filteredOn(measurement -> measurement.name().startsWith("dead letters"))
                .noneMatch(Measurement::held);
    }
}
