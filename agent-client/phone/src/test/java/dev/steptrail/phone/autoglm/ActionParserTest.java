package dev.steptrail.phone.autoglm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.tracker.UnparseableReplyException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ActionParserTest {
    @Test
    void parse_aCall_becomesTheMapOfOpenAutoGlm() throws Exception {
        assertThat(parse("do(action=\"Tap\", element=[499,842])"))
                .isEqualTo(Map.of("_metadata", "do", "action", "Tap", "element", List.of(499, 842)));
        assertThat(parse("do(action=\"Swipe\", start=[1, 2], end=[3, 4])"))
                .isEqualTo(Map.of("_metadata", "do", "action", "Swipe", "start", List.of(1, 2), "end", List.of(3, 4)));
        assertThat(parse("do(action=\"Back\")")).isEqualTo(Map.of("_metadata", "do", "action", "Back"));
    }

    @Test
    void parse_values_areNumbersListsDictionariesAndConstants() throws Exception {
        Map<String, Object> action = parse("do(action='X', a=-5, b=+0.5, c=1e3, d=(1,), e=[], f=[[1, 2], [3,4],], "
                + "g={'k': None, \"l\": True}, h=False, i=123456789012345)");

        assertThat(action)
                .containsEntry("a", -5)
                .containsEntry("b", 0.5)
                .containsEntry("c", 1000.0)
                .containsEntry("d", List.of(1))
                .containsEntry("e", List.of())
                .containsEntry("f", List.of(List.of(1, 2), List.of(3, 4)))
                .containsEntry("h", false)
                .containsEntry("i", 123456789012345L);
        assertThat((Map<?, ?>) action.get("g")).hasSize(2).containsValue(null);
    }

    @Test
    void parse_strings_haveEitherQuotesAndPythonsEscapeSequences() throws Exception {
        assertThat(parse("do(action='Note', message=\"it's\")")).containsEntry("message", "it's");
        assertThat(parse("do(action=\"Note\", message='a\"b')")).containsEntry("message", "a\"b");
        assertThat(parse("do(action=\"Note\", message=\"\\\"\\\\\\n\\t\\x41\\u4f60\\U0001F600\\101\\q\")"))
                .containsEntry("message", "\"\\\n\tA你😀A\\q");
        assertThat(parse("do(action=\"Note\", message=\"a\nb\r\n\tc\")")).containsEntry("message", "a\nb\r\n\tc");
    }

    @Test
    void parse_quotesInTypedTextAndTheFinalMessage_needNoEscape() throws Exception {
        assertThat(parse("do(action=\"Type\", text=\"say \"hi\" (\"you\") 'now'\")"))
                .isEqualTo(Map.of("_metadata", "do", "action", "Type", "text", "say \"hi\" (\"you\") 'now'"));
        assertThat(parse("do(action=\"Type_Name\", text='张\"三'\")".replace("'\")", "')")))
                .isEqualTo(Map.of("_metadata", "do", "action", "Type", "text", "张\"三"));
        assertThat(parse("finish(message=\"The alarm \"work\" is set (7:00)\")"))
                .isEqualTo(Map.of("_metadata", "finish", "message", "The alarm \"work\" is set (7:00)"));
    }

    @Test
    void parse_tagsAndTextAfterTheAction_areIgnored() throws Exception {
        assertThat(parse("<think>x</think>\n<answer>do(action=\"Tap\", element=[1,2])\n</answer>"))
                .containsEntry("element", List.of(1, 2));
        assertThat(parse("do(action=\"Back\") # because the page is empty")).containsEntry("action", "Back");
        assertThat(parse("```\ndo(action=\"Type\", text=\"abc\")\n```")).containsEntry("text", "abc");
        assertThat(parse("do(action=\"Type\", text=\"abc\")</answer> I typed (\"abc\")"))
                .containsEntry("text", "abc");
        assertThat(parse("finish(message=\"done\")</answer>")).containsEntry("message", "done");
        assertThat(parse("<answer>\nfinish()\n</answer>")).containsEntry("message", "");
    }

    @Test
    void parse_whiteSpaceBetweenTokens_isIgnored() throws Exception {
        assertThat(parse("do(action=\"Tap\",\n  element = [ 1 ,\u00a02 ]\n )")).containsEntry("element", List.of(1, 2));
        assertThat(parse("do(action=\"Type\", text = \"abc\" )")).containsEntry("text", "abc");
        assertThat(parse("<answer>do( action = \"Home\" )</answer>")).containsEntry("action", "Home");
        assertThat(parse("<answer>finish( message = 'ok' )</answer>")).containsEntry("message", "ok");
    }

    @Test
    void parse_typographicQuotes_mayEncloseTypedText() throws Exception {
        assertThat(parse("do(action=\"Type\", text=“你好”)")).containsEntry("text", "你好");
        assertThat(parse("finish(message=‘好了’)")).containsEntry("message", "好了");
    }

    @Test
    void parse_furtherArgumentsAfterTypedText_areRead() throws Exception {
        assertThat(parse("do(action=\"Type\", text=\"abc\", element=[1,2])"))
                .containsEntry("text", "abc")
                .containsEntry("element", List.of(1, 2));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "   ",
                "I do not know",
                "tap the button",
                "do(action=\"Tap\", element=[1,2]",
                "do(action=\"Tap\", element=[1,2",
                "do(action=\"Type\", text=\"hel",
                "do(action=\"Type\")",
                "do(action=\"Tap",
                "do(action=",
                "finish(message=\"hel",
                "finish(message=",
                "do(action=\"Tap\", [1,2])",
                "do(action=\"Tap\", action=\"Back\")",
                "do(action=\"Tap\", _metadata=\"finish\")",
                "do(action=\"Tap\", element=__import__('os').system('id'))",
                "do(action=\"Tap\", element=1+1)",
                "do(action=\"Tap\", element=1234567890123456)",
                "do(action=\"Tap\", element=1e999)",
                "do(action=\"Tap\", element=1.2.3)",
                "do(action=\"Tap\", element=nan)",
                "do(action=\"Tap\", element=[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]])",
                "do(action=\"Tap\", message=\"\\x4\")",
                "do(action=\"Tap\", message=\"\\U00110000\")",
            })
    void parse_everythingElse_isUnparseable(String reply) {
        assertThatThrownBy(() -> parse(reply)).isInstanceOf(UnparseableReplyException.class);
    }

    @Test
    void parse_aLongReplyThatIsNoAction_isQuotedByItsBeginning() {
        assertThatThrownBy(() -> parse(" \n")).hasMessage("the model's reply is empty");
        assertThatThrownBy(() -> parse("no\nidea " + "x".repeat(1000)))
                .hasMessageStartingWith(
                        "the model's reply is not an action: it is neither do(…) nor finish(…): no idea xxx")
                .satisfies(e -> assertThat(e.getMessage().length()).isLessThan(300));
    }

    @Test
    void modelReply_ofAnyForm_isSplitLikeByOpenAutoGlm() {
        assertThat(ModelReply.of(" I tap it. \ndo(action=\"Tap\")"))
                .isEqualTo(new ModelReply("I tap it.", "do(action=\"Tap\")"));
        assertThat(ModelReply.of("do(action=\"Tap\") or finish(message=\"x\")"))
                .isEqualTo(new ModelReply("do(action=\"Tap\") or", "finish(message=\"x\")"));
        assertThat(ModelReply.of("<think>a</think><answer>do(action=\"Tap\")</answer>"))
                .isEqualTo(new ModelReply("<think>a</think><answer>", "do(action=\"Tap\")</answer>"));
        assertThat(ModelReply.of("<think>a</think><answer> do( action=1) </answer>"))
                .isEqualTo(new ModelReply("a", "do( action=1)"));
        assertThat(ModelReply.of("what?")).isEqualTo(new ModelReply("", "what?"));
    }

    @Test
    void readableThinking_withTags_hasNone() {
        assertThat(ModelReply.of("<think>\na\n</think>\n<answer>do(action=\"Tap\")</answer>")
                        .readableThinking())
                .isEqualTo("a");
    }

    @Test
    void toHistory_ofAReply_repeatsThinkingAndActionInTags() {
        List<String> replies = Arrays.asList("a do(action=\"Tap\")", "a do(action=\"Tap\")</answer>");
        assertThat(replies).allSatisfy(reply -> assertThat(ModelReply.of(reply).toHistory())
                .isEqualTo("<think>a</think><answer>do(action=\"Tap\")</answer>"));
    }

    private static Map<String, Object> parse(String reply) throws UnparseableReplyException {
        return ActionParser.parse(ModelReply.of(reply));
    }
}
