package dev.steptrail.bench.insights;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.InvalidMessageException;
import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.stepformat.MessageRecord;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStarted;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RecordingTest {
    private static final History HISTORY = History.of(1, Size.USUAL);

    @Test
    void records_comeBackOutOfAMessage_asTheyWentIn() throws InvalidMessageException {
        for (Run run : HISTORY.runs().toList()) {
            List<StepRecord> records = run.records();
            MessageBody body = MessageCodec.encode(
                    records.stream().map(RecordCodec::encode).toList());
            List<MessageRecord> expected = new ArrayList<>();
            records.forEach(record -> expected.add(new MessageRecord.Valid(record)));
            assertThat(MessageCodec.decode(body)).isEqualTo(expected);
            assertThat(body.text().length()).isLessThan(240 * 1024);
        }
    }

    @Test
    void records_areOfOneTask_beginWithItsStart_andCountTheirStepsWithoutAGap() {
        assertThat(HISTORY.runs()).allSatisfy(run -> {
            List<StepRecord> records = run.records();
            assertThat(records).extracting(StepRecord::taskId).containsOnly(run.taskId());
            assertThat(run.taskId().version()).isEqualTo(7);
            assertThat(records.get(0)).isInstanceOfSatisfying(TaskStarted.class, started -> {
                assertThat(started.description()).isEqualTo(run.description());
                assertThat(started.metadata()).containsKey("app_version");
            });
            List<Step> steps = Recorded.of(run);
            assertThat(steps)
                    .extracting(Step::stepNumber)
                    .isEqualTo(IntStream.rangeClosed(1, steps.size()).boxed().toList());
            assertThat(steps)
                    .allMatch(step -> step.screenshots().size() == (run.group().screens() == null ? 0 : 1));
        });
    }

    @Test
    void endings_areOfAllKinds_andSomeRunsHaveNone() {
        List<StepRecord> lastRecords = HISTORY.runs()
                .map(run -> run.records().get(run.records().size() - 1))
                .toList();

        assertThat(lastRecords).anyMatch(Step.class::isInstance);
        assertThat(lastRecords.stream()
                        .filter(TaskEnded.class::isInstance)
                        .map(last -> ((TaskEnded) last).status().wireName()))
                .contains("succeeded", "failed", "cancelled", "abandoned");
    }
}
