package dev.steptrail.localcloud.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Interpretation of a function's response, as API Gateway documents it for payload format 2.0. */
class ProxyResponseTest {
    private static ProxyResponse of(String answer) throws IOException {
        return ProxyResponse.parse(answer.getBytes(StandardCharsets.UTF_8));
    }

    private static String body(ProxyResponse response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    @Test
    void responseWithAStatus_isParsed_inAnyFieldOrder() throws IOException {
        ProxyResponse response = of("""
                {"cookies": ["a=1", "b=2"], "body": "{\\"name\\":\\"相机 \\uD83D\\uDCF7\\"}", "statusCode": 201,
                 "more": {"body": "another's"}, "headers": {"X-Some": "thing", "Content-Type": "application/json"}}
                """);

        assertThat(response.status()).isEqualTo(201);
        assertThat(body(response)).isEqualTo("{\"name\":\"相机 📷\"}");
        assertThat(response.headers())
                .isEqualTo(List.of(
                        Map.entry("x-some", "thing"),
                        Map.entry("content-type", "application/json"),
                        Map.entry("set-cookie", "a=1"),
                        Map.entry("set-cookie", "b=2")));
    }

    @Test
    void longBody_isUnchanged() throws IOException {
        String text = "\"quoted\" and 中文 and é, ".repeat(20_000);
        String answer = "{\"statusCode\":200,\"body\":\"" + text.replace("\"", "\\\"") + "\"}";

        assertThat(body(of(answer))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"statusCode": 204}                                         | ''
            {"statusCode": 200, "body": null}                           | ''
            {"statusCode": 200, "body": ""}                             | ''
            {"statusCode": 200, "body": 5}                              | 5
            {"statusCode": "200", "body": "eHl6", "isBase64Encoded": true}  | xyz
            """)
    void body_isDecodedAsDeclared(String answer, String body) throws IOException {
        assertThat(body(of(answer))).isEqualTo(body);
        assertThat(of(answer).headers()).containsExactly(Map.entry("content-type", "text/plain;charset=UTF-8"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"body": "no status", "n": 1}   | {"body":"no status","n":1}
            [1, {"statusCode": 500}]        | [1,{"statusCode":500}]
            "words"                         | words
            null                            | null
            """)
    void anyOtherResponse_isTheBodyOfA200(String answer, String body) throws IOException {
        assertThat(of(answer).status()).isEqualTo(200);
        assertThat(body(of(answer))).isEqualTo(body);
        assertThat(of(answer).headers()).containsExactly(Map.entry("content-type", "application/json"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"statusCode\": 99}",
                "{\"statusCode\": 600}",
                "{\"statusCode\": 200, \"body\": \"cut",
                "{\"statusCode\": 200,",
                "{\"statusCode\": 200, \"body\": \"no base64!\", \"isBase64Encoded\": true}"
            })
    void invalidResponse_isRejected(String answer) {
        assertThatThrownBy(() -> of(answer)).isInstanceOf(IOException.class);
    }
}
