package dev.steptrail.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.stepformat.EndReason;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.Usage;
import dev.steptrail.tracker.internal.outbox.Outbox;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Failures that end a run, and what is recorded of them. */
class PhoneAgentFailureTest extends PhoneAgentFixture {
    @Test
    void aFailure_endsTheRun_andIsRecordedAsAnErrorStep() throws Exception {
        Agent blind = new Agent() {
            @Override
            protected Screen observe() throws IOException {
                throw new IOException("no phone");
            }
        };
        assertEnded(blind, EndReason.ENDED_WITHOUT_FINISH, "no phone");
        assertEnded(deciding(() -> null), EndReason.MODEL_ERROR, "decide() returned null");
        assertEnded(
                failing(new UnparseableReplyException("not an action")), EndReason.UNPARSEABLE_REPLY, "not an action");
        RecordedTask recorded = assertEnded(failing(new IOException("no model")), EndReason.MODEL_ERROR, "no model");
        assertThat(recorded.steps().get(0).frames()).hasSize(1);
    }

    @Test
    void anUnparseableReply_isRecordedWithItsReasoningTimesAndTokens() throws Exception {
        Decision reply = Decision.act("hmm", Map.of("action", "ignored"))
                .timed(Duration.ofMillis(5), Duration.ofMillis(9))
                .withModelCall(Usage.of(7, null, 3), null, null)
                .withCurrentApp("Settings");

        RunResult result =
                failing(new UnparseableReplyException("not an action", reply)).run("do it", true);

        assertThat(recorded(result).steps()).singleElement().satisfies(step -> {
            assertThat(step.thinking()).isEqualTo("hmm");
            assertThat(step.action()).isNull();
            assertThat(step.timings()).containsKeys("screenshot_ms", "model_ms", "time_to_first_token_ms");
            assertThat(step.modelCall().usage()).isEqualTo(Usage.of(7, null, 3));
            assertThat(step.unknown()).containsEntry("current_app", "Settings");
        });
    }

    @Test
    void aTaskEndException_ofTheModel_isRecordedWithWhatIsKnownOfTheReply() throws Exception {
        Decision reply = Decision.act("I was ab", Map.of())
                .timed(Duration.ofMillis(5), Duration.ofMillis(9))
                .withModelCall(null, null, null);
        TaskEndException end = new TaskEndException(
                TaskStatus.CANCELLED, EndReason.CANCELLED, "interrupted", new InterruptedException(), reply);

        assertThat(cancelled(failing(end)).steps()).singleElement().satisfies(step -> {
            assertThat(step.stepType()).isEqualTo("thinking");
            assertThat(step.success()).isNull();
            assertThat(step.errorMessage()).isNull();
            assertThat(step.thinking()).isEqualTo("I was ab");
            assertThat(step.action()).isNull();
            assertThat(step.timings()).containsKeys("screenshot_ms", "model_ms", "time_to_first_token_ms");
        });
    }

    @Test
    void aTaskEndException_ofAnAction_endsTheTaskAsItSays_withoutAnotherCapture() throws Exception {
        TaskEndException refusal =
                new TaskEndException(TaskStatus.CANCELLED, EndReason.CANCELLED, "the user refused", null);
        Agent agent = acting(() -> {
            throw refusal;
        });

        RunResult result = agent.run("do it", true);

        assertThat(result.status()).isEqualTo(TaskStatus.CANCELLED);
        assertThat(result.cause()).isSameAs(refusal);
        assertThat(agent.observed).isEqualTo(1);
        RecordedTask recorded = recorded(result);
        assertThat(recorded.steps()).singleElement().satisfies(step -> {
            assertThat(step.stepType()).isEqualTo("action");
            assertThat(step.success()).isFalse();
            assertThat(step.errorMessage()).isEqualTo("the user refused");
        });
        assertThat(recorded.ended().endReason()).isEqualTo(EndReason.CANCELLED);
        assertThat(recorded.ended().message()).isEqualTo("the user refused");
    }

    @Test
    void aTaskEndException_beforeAStep_endsTheTaskWithoutThatStep() throws Exception {
        RunResult result = new Agent() {
            @Override
            protected void beforeStep(int stepNumber) throws TaskEndException {
                if (stepNumber == 2) {
                    throw new TaskEndException(TaskStatus.FAILED, EndReason.ENDED_WITHOUT_FINISH, "out of time", null);
                }
            }
        }.run("do it", true);

        assertThat(result.steps()).isEqualTo(1);
        assertThat(result.endReason()).isEqualTo(EndReason.ENDED_WITHOUT_FINISH);
        RecordedTask recorded = recorded(result);
        assertThat(recorded.numbers()).containsExactly(1);
        assertThat(recorded.ended().message()).isEqualTo("out of time");
    }

    @Test
    void anInterruptedModel_endsTheRunAsCancelled() throws Exception {
        assertThat(cancelled(failing(new InterruptedException())).steps())
                .singleElement()
                .satisfies(step -> {
                    assertThat(step.stepType()).isEqualTo("thinking");
                    assertThat(step.success()).isNull();
                    assertThat(step.errorMessage()).isNull();
                    assertThat(step.frames()).hasSize(1);
                });
    }

    @Test
    void anInterruptedCapture_endsTheRunAsCancelled_withoutAStep() throws Exception {
        Agent agent = new Agent() {
            @Override
            protected Screen observe() throws InterruptedException {
                throw new InterruptedException();
            }
        };

        assertThat(cancelled(agent).steps()).isEmpty();
    }

    @Test
    void anInterruptAfterAStep_endsTheRunAsCancelled_withoutAnotherStep() throws Exception {
        Agent agent = acting(() -> {
            Thread.currentThread().interrupt();
            return ActionResult.succeeded();
        });

        assertThat(cancelled(agent).steps()).singleElement().satisfies(step -> assertThat(step.success())
                .isTrue());
    }

    @Test
    void anInterruptedAction_endsTheRunAsCancelledWithoutAnotherCapture() throws Exception {
        Agent agent = acting(() -> {
            throw new InterruptedException();
        });

        assertThat(cancelled(agent).steps()).singleElement().satisfies(step -> {
            assertThat(step.success()).isNull();
            assertThat(step.errorMessage()).isNull();
            assertThat(step.actionResult()).isEqualTo(Map.of("outcome_unknown", true, "message", "interrupted"));
        });
        assertThat(agent.observed).isEqualTo(1);
    }

    @Test
    void aThrownError_endsTheTaskAsFailed() throws Exception {
        Agent agent = deciding(() -> {
            throw new AssertionError("a bug");
        });

        assertThatThrownBy(() -> agent.run("do it", true)).isInstanceOf(AssertionError.class);
        tracker.flush(Duration.ofSeconds(10));

        RecordedTask recorded = RecordedTask.of(Outbox.open(outbox).tasks().get(0));
        assertThat(recorded.ended().status()).isEqualTo(TaskStatus.FAILED);
        assertThat(recorded.ended().message()).contains("a bug");
    }

    /** Runs an agent that is interrupted; returns what was recorded. */
    private RecordedTask cancelled(Agent agent) throws Exception {
        RunResult result = agent.run("do it", true);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(result.status()).isEqualTo(TaskStatus.CANCELLED);
        assertThat(result.endReason()).isEqualTo(EndReason.CANCELLED);
        RecordedTask recorded = recorded(result);
        assertThat(recorded.steps()).hasSize(result.steps());
        assertThat(recorded.ended().status()).isEqualTo(TaskStatus.CANCELLED);
        assertThat(recorded.ended().message()).isEqualTo("interrupted");
        return recorded;
    }

    private Agent failing(Exception failure) {
        return deciding(() -> {
            throw failure;
        });
    }

    private RecordedTask assertEnded(Agent agent, EndReason endReason, String message) throws Exception {
        RunResult result = agent.run("do it", true);
        assertThat(result.status()).isEqualTo(TaskStatus.FAILED);
        assertThat(result.endReason()).isEqualTo(endReason);
        assertThat(result.message()).isEqualTo(message);
        RecordedTask recorded = recorded(result);
        assertThat(recorded.steps()).singleElement().satisfies(step -> {
            assertThat(step.stepType()).isEqualTo("error");
            assertThat(step.success()).isFalse();
            assertThat(step.errorMessage()).isEqualTo(message);
        });
        assertThat(recorded.ended().status()).isEqualTo(TaskStatus.FAILED);
        assertThat(recorded.ended().endReason()).isEqualTo(endReason);
        assertThat(recorded.ended().message()).isEqualTo(message);
        return recorded;
    }
}
