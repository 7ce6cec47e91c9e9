package dev.steptrail.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import java.util.Base64;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ResponseTest {
    @Test
    void toGateway_hasStatusHeadersAndText() {
        APIGatewayV2HTTPResponse response =
                new Response(404, Map.of("content-type", "application/problem+json"), "{\"title\":\"没有\"}").toGateway();

        assertThat(response.getStatusCode()).isEqualTo(404);
        assertThat(response.getHeaders()).isEqualTo(Map.of("content-type", "application/problem+json"));
        assertThat(LambdaInvoker.text(response)).isEqualTo("{\"title\":\"没有\"}");
    }

    @Property
    void toGateway_encodesTheBodyInBase64(@ForAll byte[] bytes) {
        APIGatewayV2HTTPResponse response = new Response(200, Map.of(), bytes).toGateway();

        assertThat(Base64.getDecoder().decode(response.getBody())).isEqualTo(bytes);
        assertThat(response.getIsBase64Encoded()).isTrue();
    }
}
