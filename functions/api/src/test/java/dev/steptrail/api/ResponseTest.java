package dev.steptrail.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ResponseTest {
    private static final JsonMapper JSON = new JsonMapper();

    private static String written(Response response) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        response.writeTo(out);
        return out.toString(UTF_8);
    }

    @Test
    void anAnswer_isWrittenAsApiGatewayTakesIt() throws IOException {
        Response answer = new Response(404, Map.of("content-type", "application/problem+json"), "{\"title\":\"没有\"}");

        assertThat(written(answer))
                .isEqualTo("{\"statusCode\":404,\"headers\":{\"content-type\":\"application/problem+json\"},"
                        + "\"isBase64Encoded\":false,\"body\":\"{\\\"title\\\":\\\"没有\\\"}\"}");
    }

    @Property
    void aText_comesBackAsItWas(@ForAll String text) throws IOException {
        String whole = new String(text.getBytes(UTF_8), UTF_8); // without halves of characters

        JsonNode answer = JSON.readTree(written(new Response(200, Map.of(), whole)));

        assertThat(answer.get("body").textValue()).isEqualTo(whole);
        assertThat(answer.get("isBase64Encoded").booleanValue()).isFalse();
    }

    /** Longer than Jackson writes at once. */
    @Test
    void aLongText_comesBackAsItWas() throws IOException {
        String text = "\"相机\" 📷 \n\u0001 and \\ more, ".repeat(10_000);

        assertThat(JSON.readTree(written(new Response(200, Map.of(), text)))
                        .get("body")
                        .textValue())
                .isEqualTo(text);
    }

    @Property
    void bytes_comeBackAsTheyWere(@ForAll byte[] bytes) throws IOException {
        JsonNode answer = JSON.readTree(written(new Response(200, Map.of(), () -> bytes, false)));

        assertThat(answer.get("body").binaryValue()).isEqualTo(bytes);
        assertThat(answer.get("isBase64Encoded").booleanValue()).isTrue();
    }
}
