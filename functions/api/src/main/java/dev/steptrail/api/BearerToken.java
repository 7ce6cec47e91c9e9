package dev.steptrail.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.steptrail.stepformat.ForeignJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** What stands in a token (JWT) of which API Gateway has verified the signature: nothing here does. */
final class BearerToken {
    private static final JsonFactory STRICT = ForeignJson.factory()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private BearerToken() {}

    /**
     * The texts in a claim that is a list.
     *
     * @param authorization the header of that name
     * @return nothing where the claim is no list, or the header no token
     */
    static List<String> list(String authorization, String claim) {
        String[] parts = authorization.split("\\.", -1);
        if (parts.length != 3) {
            return List.of();
        }
        try (JsonParser json = STRICT.createParser(Base64.getUrlDecoder().decode(parts[1]))) {
            return json.nextToken() == JsonToken.START_OBJECT ? list(json, claim) : List.of();
        } catch (IOException | IllegalArgumentException noToken) {
            return List.of();
        }
    }

    private static List<String> list(JsonParser json, String claim) throws IOException {
        List<String> texts = new ArrayList<>();
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            boolean isList = json.nextToken() == JsonToken.START_ARRAY;
            if (!isList || !name.equals(claim)) {
                json.skipChildren();
                continue;
            }
            for (JsonToken token = json.nextToken(); token != JsonToken.END_ARRAY; token = json.nextToken()) {
                if (token == JsonToken.VALUE_STRING) {
                    texts.add(json.getText());
                }
                json.skipChildren();
            }
        }
        return texts;
    }
}
