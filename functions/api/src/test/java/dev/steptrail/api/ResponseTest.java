package dev.steptrail.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import java.util.Base64;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class ResponseTest {
    @Property
    void toGateway_hasStatusHeadersAndTheBodyInBase64(@ForAll byte[] bytes) {
        Map<String, String> headers = Map.of("content-type", "application/problem+json");

        APIGatewayV2HTTPResponse response = new Response(404, headers, bytes).toGateway();

        assertThat(response.getStatusCode()).isEqualTo(404);
        assertThat(response.getHeaders()).isEqualTo(headers);
        assertThat(response.getIsBase64Encoded()).isTrue();
        assertThat(Base64.getDecoder().decode(response.getBody())).isEqualTo(bytes);
    }
}
