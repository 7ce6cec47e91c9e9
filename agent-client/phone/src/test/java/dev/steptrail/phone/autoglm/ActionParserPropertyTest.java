package dev.steptrail.phone.autoglm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.tracker.UnparseableReplyException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

class ActionParserPropertyTest {
    /** Parts of replies, separated by spaces. */
    private static final List<String> FRAGMENTS = Stream.concat(
                    Stream.of(" ", "\n"),
                    Stream.of(
                            ("do(action=\"Tap\" do( finish(message= element= text= \"Type\" <answer> </answer> <think>"
                                            + " \" ' [ ] ( ) { } , = : \\ \\x4 \\U0010ffff - 1 9999999 . e None “ 好")
                                    .split(" ")))
            .toList();

    @Property(tries = 500)
    void parse_typedText_isReturnedUnchanged(@ForAll("texts") String text) throws Exception {
        Assume.that(!text.contains("</answer>") && !text.contains("finish(message="));

        assertThat(parse("do(action=\"Type\", text=\"" + text + "\")")).containsEntry("text", text);
    }

    @Property(tries = 500)
    void parse_aFinalMessage_isReturnedUnchanged(@ForAll("texts") String text) throws Exception {
        Assume.that(!text.contains("</answer>"));

        assertThat(parse("finish(message=\"" + text + "\")")).containsEntry("message", text);
    }

    @Property(tries = 500)
    void parse_arguments_areReturnedAsTheyAreWrittenInPython(@ForAll("values") Map<String, Object> values)
            throws Exception {
        String arguments = values.entrySet().stream()
                .map(argument -> ", a" + argument.getKey() + "=" + python(argument.getValue()))
                .collect(Collectors.joining());
        Map<String, Object> expected = new LinkedHashMap<>(Map.of("_metadata", "do", "action", "Some"));
        values.forEach((name, value) -> expected.put("a" + name, value));

        assertThat(ActionParser.parse(new ModelReply("", "do(action=\"Some\"" + arguments + ")")))
                .isEqualTo(expected);
    }

    @Property(tries = 2000)
    void parse_anyReply_isParsedOrUnparseable(@ForAll("replies") String reply) {
        FuzzActionParser.fuzzerTestOneInput(reply.getBytes(UTF_8));
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.strings().all().ofMaxLength(40)),
                Tuple.of(1, Arbitraries.strings().withChars("\"')(\\=,]\n\t“”").ofMaxLength(20)));
    }

    @Provide
    Arbitrary<Map<String, Object>> values() {
        Arbitrary<Object> scalars = Arbitraries.oneOf(
                Arbitraries.integers().asGeneric(),
                Arbitraries.doubles().between(-1000, 1000).ofScale(2).asGeneric(),
                Arbitraries.of(true, false).asGeneric(),
                Arbitraries.strings().all().ofMaxLength(20).asGeneric());
        Arbitrary<Object> values =
                Arbitraries.oneOf(scalars, scalars.list().ofMaxSize(4).asGeneric());
        return Arbitraries.maps(
                        Arbitraries.strings().alpha().numeric().ofMinLength(1).ofMaxLength(5), values)
                .ofMaxSize(4);
    }

    @Provide
    Arbitrary<String> replies() {
        return Arbitraries.of(FRAGMENTS).list().ofMaxSize(25).map(parts -> String.join("", parts));
    }

    private static String python(Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(ActionParserPropertyTest::python).collect(Collectors.joining(", ", "[", "]"));
        } else if (value instanceof Boolean flag) {
            return flag ? "True" : "False";
        } else if (value instanceof String text) {
            return "'" + text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n") + "'";
        }
        return value.toString();
    }

    private static Map<String, Object> parse(String reply) throws UnparseableReplyException {
        return ActionParser.parse(ModelReply.of(reply));
    }
}
