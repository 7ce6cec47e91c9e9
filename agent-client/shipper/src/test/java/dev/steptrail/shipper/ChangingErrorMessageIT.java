package dev.steptrail.shipper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.shipper.fixture.FaultySqs;
import dev.steptrail.shipper.fixture.MovableClock;
import dev.steptrail.shipper.fixture.Waiting;
import dev.steptrail.shipper.internal.state.ShipperState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** SQS rejects each attempt with a different, long error message. */
@Tag("slow")
class ChangingErrorMessageIT extends LocalAwsTestBase {
    private FaultySqs sqs;

    @BeforeEach
    void refuse() throws IOException {
        sqs = new FaultySqs(aws.environment());
        sqs.fail(body -> true, false, "InternalError");
        sqs.say(request -> "request " + request + " failed\n" + "x".repeat(100_000));
        write(task.started(), task.ended());
    }

    @AfterEach
    void close() {
        sqs.close();
    }

    @Test
    void stateFile_isReadable_andContainsStartOfOutage() throws Exception {
        MovableClock clock = new MovableClock();
        try (Shipper shipper = Shipper.open(outbox, ShipperSettings.from(sqs.environment()), clock)
                .orElseThrow()) {
            assertThatThrownBy(shipper::shipAll).isInstanceOf(ShipException.class);
            ShipperState.Problem first = problem().orElseThrow();
            assertThat(first.message())
                    .startsWith("SQS: InternalError: request 1 failed?xxx")
                    .hasSizeLessThan(600);

            clock.forward(90);
            assertThatThrownBy(shipper::shipAll).isInstanceOf(ShipException.class);
            ShipperState.Problem second = problem().orElseThrow();
            assertThat(second.message()).startsWith("SQS: InternalError: request 2 failed");
            assertThat(second.since()).isEqualTo(first.since());
        }
    }

    @Test
    void log_containsOneLineForTheOutage() throws Exception {
        Path log = folder.resolve("log");
        ProcessBuilder command = ShippingProcess.of(outbox, "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn")
                .redirectError(log.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        command.environment().putAll(sqs.environment());
        Process shipper = command.start();
        try {
            Waiting.until(() -> sqs.sizes().size() >= 3);
        } finally {
            shipper.destroyForcibly().waitFor();
        }
        assertThat(Files.readAllLines(log)).singleElement().asString().contains("Not shipped", "request 1 failed?");
    }

    private Optional<ShipperState.Problem> problem() throws IOException {
        return ShipperState.read(outbox).map(ShipperState::problem);
    }
}
