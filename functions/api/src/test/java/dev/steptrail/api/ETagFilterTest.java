package dev.steptrail.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ETagFilterTest {
    private static final Response FIRST = Response.json(utf8("{\"steps\":[1]}"));
    private static final String TAG = tag(FIRST);

    @Test
    void etag_dependsOnTheBody() {
        assertThat(TAG).matches("\"[0-9a-f]{32}\"");
        assertThat(tag(Response.json(FIRST.body()))).isEqualTo(TAG);
        assertThat(tag(Response.json(utf8("{\"steps\":[2]}")))).isNotEqualTo(TAG);
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s", "W/%s", "\"other\", %s", "*"})
    void ifNoneMatch_withTheTag_is304(String named) {
        Response answer = ETagFilter.apply(FIRST, named.formatted(TAG));

        assertThat(answer.status()).isEqualTo(304);
        assertThat(answer.body()).isEmpty();
        assertThat(answer.headers()).isEqualTo(Map.of("etag", TAG, "cache-control", "private, no-cache"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"other\"", "", "abc"})
    void ifNoneMatch_withAnotherTag_is200(String named) {
        Response answer = ETagFilter.apply(FIRST, named);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(FIRST.body());
    }

    @Test
    void noStoreResponse_hasNoTag() {
        assertThat(ETagFilter.apply(Response.noStoreJson(utf8("{}")), "*").status())
                .isEqualTo(200);
        assertThat(ETagFilter.apply(Response.redirect("https://example.org"), "*")
                        .headers())
                .doesNotContainKey("etag");
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String tag(Response response) {
        return ETagFilter.apply(response, null).headers().get("etag");
    }
}
