package dev.steptrail.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GatewayRequestTest {
    private static final GatewayRequest EMPTY =
            new GatewayRequest("", "", "", "", Map.of(), Map.of(), "", false, Map.of());

    @Test
    void of_completeEvent_hasItsParts() {
        GatewayRequest request = GatewayRequest.of(APIGatewayV2HTTPEvent.builder()
                .withRouteKey("PUT /api/agents/{sender_id}")
                .withRawPath("/api/agents/a")
                .withRawQueryString("text=%E7%9B%B8")
                .withPathParameters(Map.of("sender_id", "a"))
                .withHeaders(Map.of("if-none-match", "*"))
                .withBody("eyJvd25lciI6ImFubiJ9")
                .withIsBase64Encoded(true)
                .withRequestContext(RequestContext.builder()
                        .withHttp(
                                RequestContext.Http.builder().withMethod("PUT").build())
                        .withAuthorizer(RequestContext.Authorizer.builder()
                                .withJwt(RequestContext.Authorizer.JWT
                                        .builder()
                                        .withClaims(Map.of("sub", "ann"))
                                        .build())
                                .build())
                        .build())
                .build());

        assertThat(request)
                .isEqualTo(new GatewayRequest(
                        "PUT /api/agents/{sender_id}",
                        "PUT",
                        "/api/agents/a",
                        "text=%E7%9B%B8",
                        Map.of("sender_id", "a"),
                        Map.of("if-none-match", "*"),
                        "eyJvd25lciI6ImFubiJ9",
                        true,
                        Map.of("sub", "ann")));
        assertThat(request.variable("sender_id")).isEqualTo("a");
        assertThat(request.variable("task_id")).isEmpty();
        assertThat(request.header("if-none-match")).isEqualTo("*");
        assertThat(request.header("x")).isNull();
    }

    @Test
    void of_emptyEvent_isEmpty() {
        assertThat(GatewayRequest.of(new APIGatewayV2HTTPEvent())).isEqualTo(EMPTY);
        assertThat(GatewayRequest.of(APIGatewayV2HTTPEvent.builder()
                        .withRequestContext(RequestContext.builder()
                                .withAuthorizer(new RequestContext.Authorizer())
                                .build())
                        .build()))
                .isEqualTo(EMPTY);
    }
}
