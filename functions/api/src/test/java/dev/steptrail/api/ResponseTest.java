package dev.steptrail.api;

import static java.nio.charset.StandardCharsets.UTF_8;
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
        assertThat(response.getBody()).isEqualTo("{\"title\":\"没有\"}");
        assertThat(response.getIsBase64Encoded()).isFalse();
    }

    @Property
    void toGateway_ofText_keepsIt(@ForAll String text) {
        String whole = new String(text.getBytes(UTF_8), UTF_8); // without halves of characters

        assertThat(new Response(200, Map.of(), whole).toGateway().getBody()).isEqualTo(whole);
    }

    @Property
    void toGateway_ofBytes_encodesThemInBase64(@ForAll byte[] bytes) {
        APIGatewayV2HTTPResponse response = new Response(200, Map.of(), () -> bytes, false).toGateway();

        assertThat(Base64.getDecoder().decode(response.getBody())).isEqualTo(bytes);
        assertThat(response.getIsBase64Encoded()).isTrue();
    }
}
