package dev.steptrail.phone.autoglm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.demophone.DemoModel;
import dev.steptrail.demophone.DemoPhone;
import dev.steptrail.demophone.DemoReply;
import dev.steptrail.demophone.DemoScript;
import dev.steptrail.phone.autoglm.UserInteraction.Answer;
import dev.steptrail.tracker.RunResult;
import dev.steptrail.tracker.UnparseableReplyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Compares the agent with the real Open-AutoGLM: the same replies lead to the same inputs and the same requests. */
@Timeout(600)
class OpenAutoGlmIT extends AgentFixture {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String INSTRUCTION = "打开设置 and \"turn\" it up";

    /** Every action of the grammar, with the variants that its handler distinguishes. */
    private static final List<String> REPLIES = List.of(
            "I open it.\ndo(action=\"Launch\", app=\"Settings\")",
            "<think>tap</think>\n<answer>do(action=\"Tap\", element=[499,842])",
            "do(action=\"Tap\", element=[0, 999], message=\"重要操作\")",
            "do(action=\"Tap\", element=[333.3, 666.6])",
            "do(action=\"Double Tap\", element=[123,456])",
            "do(action=\"Long Press\", element=[777,1])",
            "do(action=\"Swipe\", start=[500,900], end=[500,100])",
            "do(action=\"Swipe\", start=[500,500], end=[510,500])",
            "do(action=\"Swipe\", start=[0,0], end=[999,999])",
            "do(action=\"Swipe\", start=[13,17], end=[13,990])",
            "do(action=\"Type\", text=\"hello world\")",
            "do(action=\"Type\", text=\"你好，\"世界\" 🙂 it's $HOME; `id` \\n\")",
            "do(action=\"Type\", text=\"two\nlines\tand a tab\")",
            "do(action=\"Type\", text=\"\")",
            "do(action=\"Type_Name\", text=\"张三\")",
            "do(action=\"Back\")",
            "do(action=\"Home\")",
            "do(action=\"Wait\", duration=\"0 seconds\")",
            "do(action=\"Take_over\", message=\"Please sign in\")",
            "do(action=\"Note\", message=\"True\")",
            "do(action=\"Call_API\", instruction=\"总结\")",
            "do(action=\"Interact\")",
            "do(action=\"Tap\")",
            "do(action=\"Tap\", element=\"nowhere\")",
            "do(action=\"Swipe\", start=[1,2])",
            "do(action=\"Launch\", app=\"航班助手\")",
            "do(action=\"Launch\")",
            "do(action=\"Dance\", speed=3)",
            "do(action=\"Launch\", app=\"Contacts\")",
            "I am done.\nfinish(message=\"It is \"done\"\")");

    private OpenAutoGlm upstream;

    /** On this screen, the longest swipes reach the maximum duration. */
    @Override
    DemoPhone startPhone() throws IOException {
        return startPhone(1080, 2400, 420);
    }

    @BeforeEach
    void openUpstream() throws Exception {
        upstream = OpenAutoGlm.open(folder);
    }

    @AfterEach
    void closeUpstream() throws Exception {
        if (upstream != null) {
            upstream.close();
        }
    }

    @Test
    void run_theSameReplies_leadToTheSameInputsAndRequests() throws Exception {
        DemoScript script =
                DemoScript.inOrder(REPLIES.stream().map(DemoReply::text).toList());
        List<String> theirInputs;
        List<JsonNode> theirRequests;
        try (DemoPhone theirPhone = startPhone();
                DemoModel theirModel = DemoModel.start(script)) {
            upstream.runAgent(theirModel.url(), theirPhone.address(), INSTRUCTION, REPLIES.size() + 1);
            theirInputs = inputs(theirPhone);
            theirRequests = theirModel.requests();
        }

        RunResult result =
                agent(REPLIES.toArray()).user(new User(Answer.YES)).build().run(INSTRUCTION, true);

        assertThat(RunOutcome.of(result)).as(result.toString()).isEqualTo(RunOutcome.SUCCEEDED);
        assertThat(theirInputs).hasSizeGreaterThan(30);
        assertThat(inputs(phone)).containsExactlyElementsOf(theirInputs);
        List<JsonNode> ourRequests = model.requests();
        assertThat(ourRequests).hasSize(REPLIES.size()).hasSameSizeAs(theirRequests);
        for (int i = 0; i < ourRequests.size(); i++) {
            assertThat(comparable(ourRequests.get(i))).isEqualTo(comparable(theirRequests.get(i)));
        }
    }

    @Test
    void parse_theSameReplies_areParsedEqually() throws Exception {
        List<String> replies = new ArrayList<>(REPLIES);
        replies.addAll(List.of(
                "do(action='Tap', element=(1, -2.5), flags={'a': None, 'b': [True, False]},)",
                "do(action=\"Note\", message=\"a\\\"b\\\\c\\n\\x41\\u4f60\\101\")",
                "do(action=\"Note\", message='it is \"x\"')",
                "do(action=\"Note\", message=\"line\nbreak\ttab\")",
                "finish(message='single')",
                "finish(message=\"a\nb \\n (\"c\")\")",
                "<think>t</think><answer>do( action=\"Home\")</answer>"));
        replies.addAll(Arbitraries.strings()
                .all()
                .ofMaxLength(30)
                .filter(text -> text.equals(new String(text.getBytes(UTF_8), UTF_8))) // Python cannot print others
                .map(text -> "do(action=\"Type\", text=\"" + text + "\")")
                .sampleStream()
                .limit(300)
                .toList());
        Map<String, Integer> accepted = new HashMap<>();

        JsonNode results = parse(replies).path("parsed");

        for (int i = 0; i < replies.size(); i++) {
            JsonNode theirs = results.path(i);
            ModelReply ours = ModelReply.of(replies.get(i));
            assertThat(ours.thinking()).isEqualTo(theirs.path("thinking").textValue());
            assertThat(ours.action()).isEqualTo(theirs.path("action").textValue());
            assertThat((JsonNode) JSON.valueToTree(ActionParser.parse(ours)))
                    .as(replies.get(i))
                    .isEqualTo(theirs.path("value"));
            accepted.merge(theirs.path("value").path("action").asText("finish"), 1, Integer::sum);
        }
        assertThat(accepted.get("Type")).isGreaterThan(300);
    }

    /** Where Open-AutoGLM ends the task with the reply as its message, a reply is unparseable or tolerated. */
    @Test
    void parse_repliesThatOpenAutoGlmCannotParse_areNeverFinished() throws Exception {
        List<String> replies = List.of(
                "I do not know",
                "do(action=\"Tap\", element=[1,2])</answer>",
                "do(action=\"Tap\", element=[1,2]",
                "do(action=\"Back\") because",
                "do(action=\"Tap\",\n element=[1,2])");

        JsonNode results = parse(replies).path("parsed");

        for (int i = 0; i < replies.size(); i++) {
            assertThat(results.path(i).path("value").isNull())
                    .as(replies.get(i))
                    .isTrue();
            try {
                assertThat(ActionParser.parse(ModelReply.of(replies.get(i)))).containsEntry("_metadata", "do");
            } catch (UnparseableReplyException e) {
                assertThat(e.getMessage()).contains("not an action");
            }
        }
    }

    @Test
    void appTable_namesOfApps_areThoseOfOpenAutoGlm() throws Exception {
        AppTable apps = AppTable.builtIn();
        Map<String, String> firstNames = new HashMap<>();
        int common = 0;

        for (Map.Entry<String, JsonNode> app : parse(List.of()).path("apps").properties()) {
            String packageName = app.getValue().textValue();
            firstNames.putIfAbsent(packageName, app.getKey());
            if (!apps.nameOf(packageName).equals(AppTable.UNKNOWN)) {
                common++;
                assertThat(apps.packagesOf(app.getKey())).startsWith(packageName);
                assertThat(apps.nameOf(packageName)).isEqualTo(firstNames.get(packageName));
            }
        }
        assertThat(common).isGreaterThan(150);
    }

    private JsonNode parse(List<String> replies) throws Exception {
        Path input = folder.resolve("replies.json");
        Path output = folder.resolve("results.json");
        Files.write(input, JSON.writeValueAsBytes(replies));
        upstream.python("parse", input.toString(), output.toString());
        return JSON.readTree(output.toFile());
    }

    /**
     * Returns a request without the parts that may differ: the system message, the pixels, and the request for usage.
     */
    private static JsonNode comparable(JsonNode request) {
        ObjectNode copy = request.deepCopy();
        copy.remove("stream_options");
        ((ObjectNode) copy.path("messages").path(0)).put("content", "SYSTEM");
        for (JsonNode url : copy.findValues("url")) {
            assertThat(url.textValue()).startsWith("data:image/png;base64,iVBORw0KGgo");
        }
        copy.findParents("url").forEach(image -> ((ObjectNode) image).put("url", "IMAGE"));
        return copy;
    }
}
