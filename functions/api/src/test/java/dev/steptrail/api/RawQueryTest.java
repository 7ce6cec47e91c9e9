package dev.steptrail.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RawQueryTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"", "limit=1&cursor=a", "&&limit", "text=%E7%9B%B8%F0%9F%93%B7+%25", "text=%EF%BF%BD", "text=%zz"
            })
    void parse_validUtf8_passes(String raw) {
        assertThatCode(() -> RawQuery.parse(raw, Set.of())).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"text=%FF", "text=\uFFFD", "text=a%E7%9B", "%C0%80=1", "text=%ED%A0%80"})
    void parse_invalidUtf8_isRejected(String raw) {
        assertThatThrownBy(() -> RawQuery.parse(raw, Set.of())).hasMessage("query: must be valid UTF-8.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=1&limit=1", "limit=1&li%6Dit=2", "limit&limit=1"})
    void parse_repeatedParameterInAnyEncoding_isNamed(String raw) {
        assertThatThrownBy(() -> RawQuery.parse(raw, Set.of("tag"))).hasMessage("limit: must not be repeated.");
    }

    @Test
    void parse_ofARepeatableParameter_areDecodedInAnyEncoding() {
        String raw = "tag=a%2Cb&limit=1&%74ag=%E7%9B%B8+c&tag&&tag=x=y&tags=no";

        assertThat(RawQuery.parse(raw, Set.of("tag")))
                .isEqualTo(
                        Map.of("tag", List.of("a,b", "相 c", "", "x=y"), "limit", List.of("1"), "tags", List.of("no")));
        assertThat(RawQuery.parse("", Set.of("tag"))).isEmpty();
    }
}
