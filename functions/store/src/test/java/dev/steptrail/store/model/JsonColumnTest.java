package dev.steptrail.store.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.Region;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class JsonColumnTest {
    private static final List<String> VALUES = List.of(
            "1",
            "-0.10",
            "1E+400",
            "12345678901234567890123",
            "\"\"",
            "\"a \\\"quoted\\\" \\u00e9 相机 📷, }\"",
            "true",
            "null",
            "{}",
            "[]",
            "{\"b\":1.0,\"a\":[1, 2 ,{\"c\":\"}\"}]}");

    /** Jackson's table of names rejects many names with the same length and hash, which a sender can choose. */
    @Test
    void namesWithEqualHashes_areParsed() {
        Map<String, String> object = new LinkedHashMap<>();
        for (int number = 0; number < 1024; number++) {
            StringBuilder name = new StringBuilder();
            for (int bit = 0; bit < 10; bit++) {
                name.append((number >> bit & 1) == 0 ? "ab" : "bA");
            }
            object.put(name.toString(), "1");
        }
        String text =
                object.keySet().stream().map(name -> '"' + name + "\":1").collect(Collectors.joining(",", "{", "}"));

        assertThat(JsonColumn.fields(text)).containsExactlyEntriesOf(object);
    }

    @Property
    void eachField_isReturnedAsItsOriginalText(@ForAll("objects") Map<String, String> object) {
        StringBuilder text = new StringBuilder("{");
        object.forEach((name, value) -> text.append(text.length() > 1 ? " , " : "")
                .append('"')
                .append(name)
                .append("\": ")
                .append(value));

        assertThat(JsonColumn.fields(text + " }")).containsExactlyEntriesOf(object);
    }

    @Test
    void longObject_isSplitLikeAShortOne() {
        String large = "\"" + "相📷".repeat(100_000) + "\"";

        assertThat(JsonColumn.fields("{\"a\":" + large + ",\"b\":1.50,\"c\":" + large + "}"))
                .containsExactly(Map.entry("a", large), Map.entry("b", "1.50"), Map.entry("c", large));
    }

    @Test
    void null_hasNoFields() {
        assertThat(JsonColumn.fields(null)).isEmpty();
        assertThat(JsonColumn.fields("{}")).isEmpty();
    }

    /** The values of records have property tests in step-format, whose encoder this class uses. */
    @Test
    void write_regions_areObjects() {
        assertThat(JsonColumn.write(List.of(new Region(0, 1, 2, 3), new Region(4, 5, 6, 7))))
                .isEqualTo("[{\"x\":0,\"y\":1,\"width\":2,\"height\":3},{\"x\":4,\"y\":5,\"width\":6,\"height\":7}]");
    }

    @Test
    void writeSorted_ordersTheFieldsByName() {
        assertThat(JsonColumn.writeSorted(Map.of("b", 2L, "a", Arrays.asList("x", null, true), "c", 0.5)))
                .isEqualTo("{\"a\":[\"x\",null,true],\"b\":2,\"c\":0.5}");
    }

    @Provide
    Arbitrary<Map<String, String>> objects() {
        return Arbitraries.maps(
                        Arbitraries.strings()
                                .withCharRange('a', 'f')
                                .ofMinLength(1)
                                .ofMaxLength(3),
                        Arbitraries.of(VALUES))
                .ofMaxSize(8)
                .map(LinkedHashMap::new);
    }
}
