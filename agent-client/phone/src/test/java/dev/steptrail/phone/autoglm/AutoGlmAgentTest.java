package dev.steptrail.phone.autoglm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.demophone.DemoModel;
import dev.steptrail.demophone.DemoPhone.SecureScreen;
import dev.steptrail.demophone.DemoReply;
import dev.steptrail.demophone.Fault;
import dev.steptrail.phone.autoglm.UserInteraction.Answer;
import dev.steptrail.stepformat.EndReason;
import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.Usage;
import dev.steptrail.tracker.ActionResult;
import dev.steptrail.tracker.Decision;
import dev.steptrail.tracker.RunResult;
import dev.steptrail.tracker.TaskInfo;
import dev.steptrail.tracker.TrackedTask;
import dev.steptrail.tracker.UnparseableReplyException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AutoGlmAgentTest extends AgentFixture {
    private static final String LAUNCH =
            "<think>I open it.</think>\n<answer>do(action=\"Launch\", app=\"设置\")</answer>";
    private static final String TAP = "I tap.\ndo(action=\"Tap\", element=[500, 500])";
    private static final String PAY = "do(action=\"Tap\", element=[1, 2], message=\"Pay 5 yuan\")";
    private static final String TAKE_OVER = "do(action=\"Take_over\", message=\"Please sign in\")";

    @Test
    void run_thatFinishes_isRecordedWhole() throws Exception {
        AutoGlmAgent agent = agent(DemoReply.text(LAUNCH).withUsage(900, 30), TAP, FINISH)
                .waitAfterAction(Duration.ofMillis(20))
                .build();

        RunResult result = agent.run("打开设置", true);

        assertThat(RunOutcome.of(result)).isEqualTo(RunOutcome.SUCCEEDED);
        assertThat(result.message()).isEqualTo("done");
        assertThat(inputs(phone))
                .containsExactly(
                        "monkey -p com.android.settings -c android.intent.category.LAUNCHER 1", "input tap 270 600");
        Recorded recorded = recorded(result);
        assertThat(recorded.started().deviceId()).isEqualTo(device.serial());
        assertThat(recorded.started().metadata())
                .containsEntry("max_steps", 100)
                .containsEntry("lang", "cn")
                .containsEntry("base_url", model.url());
        Step launch = recorded.step(1);
        assertThat(launch.thinking()).isEqualTo("I open it.");
        assertThat(launch.action()).isEqualTo(Map.of("_metadata", "do", "action", "Launch", "app", "设置"));
        assertThat(launch.actionResult()).isEqualTo(Map.of("success", true));
        assertThat(launch.timings())
                .containsOnlyKeys("screenshot_ms", "time_to_first_token_ms", "model_ms", "action_ms", "wait_ms");
        assertThat(launch.modelCall().usage()).isEqualTo(Usage.of(900, null, 30));
        assertThat(launch.modelCall().output()).isEqualTo(LAUNCH);
        assertThat(launch.unknown()).containsEntry("current_app", "System Home");
        assertThat(recorded.step(2).unknown()).containsEntry("current_app", "AndroidSystemSettings");
        assertThat(launch.frames()).extracting(Frame::role).containsExactly(FrameRole.BEFORE, FrameRole.AFTER);
        assertThat(launch.frames()).extracting(Frame::width).containsOnly(WIDTH);
        assertThat(recorded.step(3).stepType()).isEqualTo("completion");
        assertThat(recorded.ended().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(agent.consumption().inputTokens()).isGreaterThan(900);
    }

    @Test
    void run_severalSteps_haveTheConversationOfOpenAutoGlm_withAnImageInTheLastMessageOnly() throws Exception {
        RunResult result = agent(LAUNCH, TAP, FINISH).build().run("打开设置", true);

        JsonNode messages = model.requests().get(2).path("messages");
        assertThat(messages)
                .extracting(message -> message.path("role").asText())
                .containsExactly("system", "user", "assistant", "user", "assistant", "user");
        assertThat(messages.path(1).path("content").toString())
                .isEqualTo("[{\"type\":\"text\",\"text\":\"打开设置\\n\\n{\\\"current_app\\\": \\\"System Home\\\"}\"}]");
        assertThat(messages.path(2).path("content").asText())
                .isEqualTo("<think><think>I open it.</think>\n<answer></think>"
                        + "<answer>do(action=\"Launch\", app=\"设置\")</answer>");
        assertThat(messages.path(3).path("content").path(0).path("text").asText())
                .isEqualTo("** Screen Info **\n\n{\"current_app\": \"AndroidSystemSettings\"}");
        JsonNode last = messages.path(5).path("content");
        assertThat(last.path(0).path("image_url").path("url").asText()).startsWith("data:image/png;base64,iVBOR");
        assertThat(last.path(0).path("image_url")).hasSize(1);
        List<?> input = (List<?>) recorded(result).step(1).modelCall().input();
        assertThat(input.get(1).toString()).contains("{url={frame=before}}");
    }

    @Test
    void run_anInstruction_hasASystemMessageInItsLanguage_withTheDate() throws Exception {
        agent(FINISH).build().run("查天气", false);
        assertThat(systemMessage()).startsWith("今天是20").contains("年").contains("do(action=\"Tap\", element=[x,y])");
        model.close();

        agent(FINISH).build().run("Check the weather", false);
        assertThat(systemMessage()).startsWith("Today is 20").contains("do(action=\"Launch\"");
        model.close();

        agent(FINISH).systemPrompt(SystemPrompt.of("Mine, {date}")).build().run("x", false);
        assertThat(systemMessage()).matches("Mine, 20\\d\\d-\\d\\d-\\d\\d, \\w+day");
    }

    @Test
    void run_aSecondTime_startsANewConversation() throws Exception {
        AutoGlmAgent agent = agent(TAP, FINISH, FINISH).build();

        agent.run("first", true);
        agent.run("second", true);

        assertThat(model.requests().get(2).path("messages")).hasSize(2);
    }

    @Test
    void run_aTaskThatLoops_endsAtTheLimitOfSteps() throws Exception {
        RunResult result = agent(TAP, TAP, TAP)
                .limits(new Limits(3, null, null, null))
                .build()
                .run("loop", true);

        assertThat(RunOutcome.of(result)).isEqualTo(RunOutcome.STEP_LIMIT);
        assertThat(recorded(result).ended().endReason()).isEqualTo(EndReason.MAX_STEPS);
        assertThat(result.message()).isEqualTo("not finished after 3 steps");
        assertThat(inputs(phone)).hasSize(3);

        model.close();
        assertThat(agent(TAP)
                        .limits(new Limits(1, null, null, null))
                        .build()
                        .run("loop", false)
                        .message())
                .isEqualTo("not finished after 1 step");
    }

    @Test
    void run_aFailedAction_isRecorded_andTheTaskContinues() throws Exception {
        RunResult result = agent(
                        "do(action=\"Launch\", app=\"航班助手\")",
                        "do(action=\"Launch\", app=\"com.example.absent\")",
                        "do(action=\"Tap\", element=\"nowhere\")",
                        "do(action=\"Swipe\", start=[1,2])",
                        "do(action=\"Dance\")",
                        FINISH)
                .build()
                .run("fail", true);

        assertThat(RunOutcome.of(result)).isEqualTo(RunOutcome.SUCCEEDED);
        assertThat(recorded(result).steps().subList(0, 5))
                .extracting(Step::errorMessage)
                .containsExactly(
                        "App not found: 航班助手",
                        "App not found: com.example.absent",
                        "Tap has no valid coordinates in element",
                        "Swipe has no valid coordinates in end",
                        "Unknown action: Dance");
    }

    @Test
    void run_aSensitiveScreen_isShownBlack_andRecordedAsSensitive() throws Exception {
        phone.setSecureScreen(SecureScreen.REFUSED);

        RunResult result = agent("do(action=\"Back\")", FINISH).build().run("pay", true);

        assertThat(RunOutcome.of(result)).isEqualTo(RunOutcome.SUCCEEDED);
        assertThat(recorded(result).step(1).frames())
                .extracting(Frame::sensitive)
                .containsOnly(true);
    }

    @Test
    void run_takeOverOrAConfirmedTap_asksTheUser_andTheTaskContinues() throws Exception {
        User user = new User(Answer.YES);

        RunResult result = agent(TAKE_OVER, PAY, FINISH).user(user).build().run("sign in", true);

        assertThat(RunOutcome.of(result)).isEqualTo(RunOutcome.SUCCEEDED);
        assertThat(user.asked).containsExactly("take over: Please sign in", "confirm: Pay 5 yuan");
        assertThat(inputs(phone)).containsExactly("input tap 0 2");
        assertThat(recorded(result).step(1).timings()).containsKey("take_over_ms");
        assertThat(recorded(result).step(2).timings()).containsKey("confirmation_ms");
    }

    @Test
    void run_takeOverWithoutAUser_endsTheTaskAsFailed() throws Exception {
        RunResult result = agent(TAKE_OVER, FINISH).build().run("sign in", true);

        assertThat(RunOutcome.of(result)).isEqualTo(RunOutcome.USER_NEEDED);
        assertThat(recorded(result).ended().status()).isEqualTo(TaskStatus.FAILED);
        assertThat(recorded(result).ended().endReason()).isEqualTo(EndReason.ENDED_WITHOUT_FINISH);
        assertThat(recorded(result).ended().message()).contains("no user is available: Please sign in");
        assertThat(recorded(result).ended().unknown()).containsEntry("x_outcome", "user_needed");
    }

    @Test
    void run_aRefusedTap_isNotSent_andCancelsTheTask() throws Exception {
        User user = new User(Answer.NO);

        RunResult result = agent(PAY, FINISH).user(user).build().run("buy", true);

        assertThat(RunOutcome.of(result)).isEqualTo(RunOutcome.REFUSED);
        assertThat(user.asked).containsExactly("confirm: Pay 5 yuan");
        assertThat(inputs(phone)).isEmpty();
        Recorded recorded = recorded(result);
        assertThat(recorded.ended().status()).isEqualTo(TaskStatus.CANCELLED);
        assertThat(recorded.step(1).success()).isFalse();
        assertThat(recorded.step(1).errorMessage()).isEqualTo("the user refused to confirm: Pay 5 yuan");
    }

    @Test
    void run_anInputWithoutAcknowledgement_isNotRepeated_andTheAgentLooksAgain() throws Exception {
        phone.faults().add("input tap", new Fault.Disconnect(true));

        RunResult result = agent(TAP, FINISH).build().run("tap", true);

        assertThat(RunOutcome.of(result)).isEqualTo(RunOutcome.SUCCEEDED);
        assertThat(inputs(phone)).containsExactly("input tap 270 600");
        Step tap = recorded(result).step(1);
        assertThat(tap.actionResult()).containsEntry("outcome_unknown", true).doesNotContainKey("success");
        assertThat(tap.success()).isNull();
        assertThat(tap.frames()).hasSize(2);
    }

    @Test
    void run_aLostPhone_endsTheTaskAsFailed() throws Exception {
        RunResult result = agent(request -> {
                    if (model.requests().size() == 2) {
                        phone.close();
                    }
                    return DemoReply.text(TAP);
                })
                .build()
                .run("tap", true);

        assertThat(RunOutcome.of(result)).isEqualTo(RunOutcome.DEVICE_LOST);
        Recorded recorded = recorded(result);
        assertThat(recorded.steps()).hasSizeBetween(2, 3);
        assertThat(recorded.ended().status()).isEqualTo(TaskStatus.FAILED);
        assertThat(recorded.ended().endReason()).isEqualTo(EndReason.ENDED_WITHOUT_FINISH);
        assertThat(recorded.ended().message()).contains("did not come back");
        assertThat(recorded.ended().unknown()).containsEntry("x_outcome", "device_lost");
    }

    @Test
    void run_aReplyThatIsNoAction_endsTheTask_andIsRecordedWithItsTokens() throws Exception {
        String reply = "do(action=\"Tap\", element=[1,2";
        RunResult result = agent(TAP, DemoReply.text(reply).withUsage(10, 5).withFinishReason("length"))
                .build()
                .run("tap", true);

        assertThat(RunOutcome.of(result)).isEqualTo(RunOutcome.UNPARSEABLE_REPLY);
        Recorded recorded = recorded(result);
        assertThat(recorded.ended().endReason()).isEqualTo(EndReason.UNPARSEABLE_REPLY);
        Step failed = recorded.step(2);
        assertThat(failed.stepType()).isEqualTo("error");
        assertThat(failed.errorMessage()).contains("(truncated at 3000 tokens)");
        assertThat(failed.modelCall().usage()).isEqualTo(Usage.of(10, null, 5));
        assertThat(failed.modelCall().output()).isEqualTo(reply);
        assertThat(failed.timings()).containsKeys("screenshot_ms", "model_ms");
        assertThat(failed.frames()).hasSize(1);
    }

    @Test
    void run_aStreamThatStops_isNotExecuted_andItsBeginningIsRecorded() throws Exception {
        String beginning = "I type it.\ndo(action=\"Type\", tex";
        RunResult result = agent(new DemoReply.Stopped(beginning + "t=\"all of it\")", 2, false))
                .build()
                .run("type", true);

        assertThat(RunOutcome.of(result)).isEqualTo(RunOutcome.MODEL_ERROR);
        assertThat(result.message()).contains("is incomplete");
        assertThat(recorded(result).ended().endReason()).isEqualTo(EndReason.MODEL_ERROR);
        assertThat(inputs(phone)).isEmpty();
        Step step = recorded(result).step(1);
        assertThat(step.thinking()).isEqualTo("I type it.");
        assertThat(step.modelCall().output()).isEqualTo(beginning);
        assertThat((List<?>) step.modelCall().input()).hasSize(2);
        assertThat(step.timings()).containsKeys("screenshot_ms", "time_to_first_token_ms", "model_ms");
        assertThat(step.unknown()).containsEntry("current_app", "System Home");
        assertThat(step.action()).isNull();
    }

    @Test
    void run_aSlowModel_endsTheTaskAtItsLimitOfTime() throws Exception {
        RunResult result = agent(DemoReply.text(FINISH).withDelays(Duration.ZERO, Duration.ofSeconds(20)))
                .limits(new Limits(100, Duration.ofSeconds(1), null, null))
                .build()
                .run("tap", true);

        assertThat(RunOutcome.of(result)).isEqualTo(RunOutcome.TIME_LIMIT);
        assertThat(result.message()).isEqualTo("not finished within the time limit of 1 s");
        assertThat(recorded(result).ended().endReason()).isEqualTo(EndReason.ENDED_WITHOUT_FINISH);
        assertThat(recorded(result).ended().unknown()).containsEntry("x_outcome", "time_limit");
        Step slow = recorded(result).step(1);
        assertThat(slow.modelCall().output()).asString().startsWith("All is");
        assertThat(slow.thinking()).startsWith("All is");
        assertThat(slow.errorMessage()).isEqualTo("not finished within the time limit of 1 s");
        assertThat(slow.timings()).containsKeys("time_to_first_token_ms", "model_ms");
    }

    @Test
    void run_aWait_endsAtTheLimitOfTime() throws Exception {
        RunResult result = agent("do(action=\"Wait\", duration=\"50 seconds\")", FINISH)
                .limits(new Limits(100, Duration.ofSeconds(1), null, null))
                .build()
                .run("wait", true);

        assertThat(RunOutcome.of(result)).isEqualTo(RunOutcome.TIME_LIMIT);
        assertThat(recorded(result).steps()).singleElement().satisfies(step -> {
            assertThat(step.timings()).containsKey("wait_ms");
            assertThat(step.actionResult().get("message")).asString().matches("shortened to 0\\.\\d+ s");
        });
    }

    @Test
    void run_theLimitOfTokensOrCost_endsTheTaskAfterTheStepThatReachesIt() throws Exception {
        DemoReply tap = DemoReply.text(TAP).withUsage(900, 50);
        RunResult tokens = agent(tap, tap, FINISH)
                .limits(new Limits(100, null, 1900L, null))
                .build()
                .run("tap", true);
        assertThat(RunOutcome.of(tokens)).isEqualTo(RunOutcome.TOKEN_LIMIT);
        assertThat(tokens.message()).isEqualTo("not finished after 1900 tokens; the limit is 1900");
        assertThat(tokens.steps()).isEqualTo(2);
        model.close();

        RunResult cost = agent(tap, FINISH)
                .price(new TokenPrice("CNY", new BigDecimal("2.50"), BigDecimal.ZERO, new BigDecimal("10")))
                .limits(new Limits(100, null, null, new BigDecimal("0.00275")))
                .build()
                .run("tap", true);
        assertThat(RunOutcome.of(cost)).isEqualTo(RunOutcome.COST_LIMIT);
        assertThat(cost.message()).isEqualTo("not finished at a cost of CNY 0.00275; the limit is CNY 0.00275");
        model.close();

        assertThatThrownBy(() -> agent(FINISH)
                        .limits(new Limits(100, null, null, BigDecimal.ONE))
                        .build())
                .hasMessage("a limit of cost needs the price of the model's tokens");
    }

    @Test
    void run_aLimitOfTokensWithoutReportedTokens_endsTheTask() throws Exception {
        model = DemoModel.start(request -> DemoReply.text(TAP));
        RunResult result = agentOn(device, settings().withIncludeUsage(false))
                .limits(new Limits(100, null, 1000L, null))
                .build()
                .run("tap", true);

        assertThat(RunOutcome.of(result)).isEqualTo(RunOutcome.TOKEN_LIMIT);
        assertThat(result.message()).contains("does not report tokens");
        assertThat(inputs(phone)).isEmpty();
        Step step = recorded(result).step(1);
        assertThat(step.thinking()).isEqualTo("I tap.");
        assertThat(step.modelCall().output()).isEqualTo(TAP);
        assertThat(step.timings()).containsKeys("time_to_first_token_ms", "model_ms");
    }

    @Test
    void run_interruptedWhileTheModelThinks_isCancelled_withAStepThatHasNotFailed() throws Exception {
        RunResult result = interrupt(
                agent(new DemoReply.Silence()).build(), () -> !model.requests().isEmpty());

        assertThat(RunOutcome.of(result)).isEqualTo(RunOutcome.CANCELLED);
        Recorded recorded = recorded(result);
        assertThat(recorded.ended().status()).isEqualTo(TaskStatus.CANCELLED);
        assertThat(recorded.ended().message()).isEqualTo("interrupted while waiting for the model");
        assertThat(recorded.steps()).hasSize(1).hasSize(result.steps());
        Step step = recorded.step(1);
        assertThat(step.stepType()).isEqualTo("thinking");
        assertThat(step.success()).isNull();
        assertThat(step.errorMessage()).isNull();
        assertThat(step.timings()).containsKeys("screenshot_ms", "model_ms");
        assertThat((List<?>) step.modelCall().input()).hasSize(2);
    }

    /** Runs an agent, and interrupts it when {@code condition} is met. */
    private static RunResult interrupt(AutoGlmAgent agent, BooleanSupplier condition) throws Exception {
        CompletableFuture<RunResult> result = new CompletableFuture<>();
        Thread runner = new Thread(() -> result.complete(agent.run("wait", true)));
        runner.start();
        while (!condition.getAsBoolean()) {
            Thread.sleep(10);
        }
        runner.interrupt();
        return result.get();
    }

    @Test
    void ask_anInstruction_asksTheModelOnce_andTouchesNothing() throws Exception {
        Decision decision = agent(TAP).build().ask("tap it");

        assertThat(decision.action()).containsEntry("action", "Tap");
        assertThat(inputs(phone)).isEmpty();
        assertThat(model.requests()).hasSize(1);
        assertThat(Files.list(folder.resolve("outbox")).filter(Files::isDirectory))
                .isEmpty();
        assertThatThrownBy(() -> agent("what?").build().ask("tap it")).isInstanceOf(UnparseableReplyException.class);
    }

    @Test
    void run_withAListener_callsItForEachStep() throws Exception {
        List<String> events = new ArrayList<>();
        TokenPrice price = new TokenPrice("USD", BigDecimal.ONE, BigDecimal.ONE, BigDecimal.TEN);
        StepListener listener = new StepListener() {
            @Override
            public void started(TrackedTask task) {
                events.add("started");
            }

            @Override
            public void retrying(String attempt) {
                events.add("retrying " + attempt.replaceFirst(":.*", ""));
            }

            @Override
            public void decided(StepProgress step) {
                events.add("decided " + step.number() + " " + step.action().get("_metadata"));
            }

            @Override
            public void acted(StepProgress step, ActionResult result, Duration elapsed) {
                events.add("acted " + step.number() + " " + result.success() + " "
                        + step.consumption().tokens() + " " + step.consumption().cost());
            }

            @Override
            public void ending(TrackedTask task, RunResult result) {
                events.add("ending " + result.status() + " " + task.id().equals(result.taskId()));
            }
        };
        agent(DemoReply.error(503), DemoReply.text(TAP).withUsage(1000, 10), FINISH)
                .price(price)
                .listener(listener)
                .tasks(instruction -> TaskInfo.of(instruction).inExperiment("nightly", "tap", 2))
                .build()
                .run("tap", true);

        assertThat(events)
                .containsExactly(
                        "started",
                        "retrying attempt 2 of 3",
                        "decided 1 do",
                        "acted 1 true 1010 0.001100",
                        "decided 2 finish",
                        "ending SUCCEEDED true");
    }

    private String systemMessage() {
        return model.requests().get(0).path("messages").path(0).path("content").asText();
    }
}
