package dev.steptrail.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.steptrail.stepformat.CollidingNames;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GatewayEventTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final GatewayEvent EMPTY =
            new GatewayEvent("", "", Map.of(), Map.of(), Map.of(), "", false, Map.of());

    private static GatewayEvent read(String json) throws IOException {
        return GatewayEvent.read(new ByteArrayInputStream(json.getBytes(UTF_8)));
    }

    @Test
    void aWholeEvent_isRead_andWhatNobodyAsksForPassedOver() throws IOException {
        GatewayEvent event = read("""
                {"version": "2.0", "routeKey": "PUT /api/agents/{sender_id}", "rawPath": "/api/agents/a",
                 "rawQueryString": "text=%E7%9B%B8", "cookies": ["a=b"],
                 "headers": {"authorization": "Bearer x.y.z", "if-none-match": "*"},
                 "queryStringParameters": {"text": "相"}, "pathParameters": {"sender_id": "a"},
                 "stageVariables": {"body": "another's"},
                 "requestContext": {"accountId": "0", "http": {"method": "PUT", "headers": {"x": "y"}},
                   "authorizer": {"iam": null, "jwt": {"claims": {"sub": "ann", "exp": 5}, "scopes": ["claims"]}},
                   "routeKey": "another's"},
                 "body": "eyJvd25lciI6ImFubiJ9", "isBase64Encoded": true}
                """);

        assertThat(event)
                .isEqualTo(new GatewayEvent(
                        "PUT /api/agents/{sender_id}",
                        "text=%E7%9B%B8",
                        Map.of("sender_id", "a"),
                        Map.of("text", "相"),
                        Map.of("authorization", "Bearer x.y.z", "if-none-match", "*"),
                        "eyJvd25lciI6ImFubiJ9",
                        true,
                        Map.of("sub", "ann", "exp", "5")));
        assertThat(event.variable("sender_id")).isEqualTo("a");
        assertThat(event.variable("task_id")).isEmpty();
        assertThat(event.header("if-none-match")).isEqualTo("*");
        assertThat(event.header("x")).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"routeKey\": null, \"headers\": null, \"body\": null, \"requestContext\": null}",
                "{\"routeKey\": [\"x\"], \"headers\": [{\"a\": \"b\"}], \"pathParameters\": \"x\", \"body\": {\"a\": \"b\"}}",
                "{\"requestContext\": {\"authorizer\": {\"jwt\": [{\"claims\": {\"sub\": \"ann\"}}]}}}",
                "{\"requestContext\": [{\"authorizer\": {\"jwt\": {\"claims\": {\"sub\": \"ann\"}}}}]}",
                "{\"requestContext\": {\"authorizer\": {\"claims\": {\"sub\": \"ann\"}, \"jwt\": \"claims\"}}}",
                "{\"authorizer\": {\"jwt\": {\"claims\": {\"sub\": \"ann\"}}}, \"claims\": {\"sub\": \"ann\"}}",
                "{\"requestContext.authorizer\": {\"jwt\": {\"claims\": {\"sub\": \"ann\"}}}}"
            })
    void whatStandsElsewhere_orIsOfAnotherKind_isNotThere(String json) throws IOException {
        assertThat(read(json)).isEqualTo(EMPTY);
    }

    @Test
    void aValueThatIsNoText_isLeftOutAlone() throws IOException {
        assertThat(read("{\"headers\": {\"a\": null, \"b\": [\"c\", {}], \"d\": \"e\"}, \"body\": \"f\"}"))
                .isEqualTo(new GatewayEvent("", "", Map.of(), Map.of(), Map.of("d", "e"), "f", false, Map.of()));
    }

    @Test
    void namesThatWereMadeToCollide_areRead_andThoseOfLaterRequests() throws IOException {
        for (int request = 0; request < 3; request++) {
            Map<String, String> query =
                    CollidingNames.first(600).stream().collect(Collectors.toMap(name -> name, name -> "1"));
            String event = JSON.writeValueAsString(Map.of("queryStringParameters", query));

            assertThat(read(event).query()).isEqualTo(query);
        }
        assertThat(read("{\"headers\": {\"abc\": \"d\"}}").header("abc")).isEqualTo("d");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "\"routeKey\"", "{\"routeKey\": \"GET", "{\"headers\": {"})
    void whatIsNoObject_isRefused(String json) {
        assertThatThrownBy(() -> read(json)).isInstanceOf(IOException.class);
    }
}
