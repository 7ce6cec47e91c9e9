package dev.steptrail.shipper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.shipper.fixture.FaultySqs;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.tracker.internal.outbox.OutboxTask;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A queue that accepts only some messages of a request. */
class PartialFailureIT extends LocalAwsTestBase {
    private final List<StepRecord> written = new ArrayList<>();

    @Test
    void failedMessage_isSentAgain_andLaterOnesAreNot() throws Exception {
        writeThreeBatches();
        try (FaultySqs sqs = new FaultySqs(aws.environment());
                Shipper shipper = open(sqs.environment())) {
            sqs.fail(body -> body.contains("step 25"), false, "InternalError");
            assertThatThrownBy(shipper::shipAll)
                    .isInstanceOf(ShipException.class)
                    .hasMessage("SQS: InternalError: text from SQS");
            List<StepRecord> arrived = new ArrayList<>(aws.records());
            assertThat(arrived).hasSize(30);
            // Only the first twenty lines count as shipped, not those behind the gap.
            OutboxTask kept = outbox.task(task.task()).orElseThrow();
            assertThat(kept.shipped())
                    .isEqualTo(kept.linesFrom(0, 1 << 20).get(19).end());

            sqs.fail(body -> false, false, "");
            shipper.shipAll();

            assertThat(sqs.sizes()).containsExactly(3, 1);
            List<StepRecord> again = aws.records();
            assertThat(again).hasSize(20);
            arrived.addAll(again);
            assertThat(arrived).containsExactlyInAnyOrderElementsOf(written);
            assertThat(outbox.tasks()).isEmpty();
        }
    }

    @Test
    void messageWithInvalidContent_losesOnlyOneRecord() throws Exception {
        writeThreeBatches();
        try (FaultySqs sqs = new FaultySqs(aws.environment());
                Shipper shipper = open(sqs.environment())) {
            sqs.fail(body -> body.contains("step 25"), true, "InvalidMessageContents");
            shipper.shipAll();

            assertThat(shipper.counts().rejected()).isEqualTo(1);
            assertThat(aws.records()).hasSize(written.size() - 1).doesNotContain(task.step(25, "step 25"));
            assertThat(Files.readAllLines(outbox.folder().resolve("rejected/" + task.task() + ".jsonl")))
                    .singleElement()
                    .asString()
                    .contains("step 25");
            assertThat(outbox.tasks()).isEmpty();
        }
    }

    /** SQS sets SenderFault for these too, but every message would fail in the same way. */
    @ParameterizedTest
    @ValueSource(strings = {"AccessDenied", "KmsThrottled"})
    void messageFailingBecauseOfSetting_isKept(String code) throws Exception {
        writeThreeBatches();
        try (FaultySqs sqs = new FaultySqs(aws.environment());
                Shipper shipper = open(sqs.environment())) {
            sqs.fail(body -> true, true, code);
            assertThatThrownBy(shipper::shipAll).isInstanceOf(ShipException.class);

            assertThat(shipper.counts().rejected()).isZero();
            assertThat(outbox.task(task.task()).orElseThrow().shipped()).isZero();
        }
    }

    @Test
    void messageMissingFromResponse_isSentAgain() throws Exception {
        writeThreeBatches();
        try (FaultySqs sqs = new FaultySqs(aws.environment());
                Shipper shipper = open(sqs.environment())) {
            sqs.swallow(body -> body.contains("step 25"));
            assertThatThrownBy(shipper::shipAll).hasMessage("the response of SQS contains no result for a message");
            sqs.swallow(body -> false);
            shipper.shipAll();

            assertThat(aws.records()).containsExactlyInAnyOrderElementsOf(written);
        }
    }

    private void writeThreeBatches() throws Exception {
        written.add(task.started());
        for (int number = 1; number <= 48; number++) {
            written.add(task.step(number, "step " + number));
        }
        written.add(task.ended());
        write(written.toArray(StepRecord[]::new));
    }
}
