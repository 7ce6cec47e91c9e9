package dev.steptrail.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.steptrail.store.Agent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** An agent in JSON, out and in. */
final class AgentJson {
    private static final int MAX_ON_BEHALF_OF = 100;

    private static final JsonFactory STRICT = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private static final String ON_BEHALF_OF_RULE = "on_behalf_of: must be an array of at most " + MAX_ON_BEHALF_OF
            + " owners, each 1 to 256 characters; \"*\" stands for any.";

    private AgentJson() {}

    static void write(JsonGenerator json, Agent agent) throws IOException {
        json.writeStartObject();
        Json.text(json, "sender_id", agent.senderId());
        Json.text(json, "owner", agent.owner());
        json.writeArrayFieldStart("on_behalf_of");
        for (String owner : agent.onBehalfOf()) {
            json.writeString(owner);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    /**
     * The agent that {@code body} describes: {@code {"owner":…,"on_behalf_of":[…]}}, the latter if there are any.
     *
     * @throws Problem naming what is wrong with it
     */
    static Agent read(String senderId, byte[] body) {
        String owner = "";
        List<String> onBehalfOf = List.of();
        try (JsonParser json = STRICT.createParser(body)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw Problem.badRequest("The body: must be a JSON object.");
            }
            for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
                JsonToken value = json.nextToken();
                switch (field) {
                    case "owner" -> owner = value == JsonToken.VALUE_STRING ? json.getText() : "";
                    case "on_behalf_of" -> onBehalfOf = owners(json);
                    default ->
                        throw Problem.badRequest("The body: has a field that is neither owner nor on_behalf_of.");
                }
                json.skipChildren();
            }
            if (json.nextToken() != null) {
                throw Problem.badRequest("The body: must be one JSON object, but more follows it.");
            }
        } catch (JsonProcessingException e) {
            throw Problem.badRequest("The body: is not JSON, or has a field twice.");
        } catch (IOException e) {
            throw new UncheckedIOException("a buffer in memory cannot fail", e);
        }
        return new Agent(senderId, Name.checked("owner", owner), onBehalfOf);
    }

    private static List<String> owners(JsonParser json) throws IOException {
        List<String> owners = new ArrayList<>();
        if (!json.isExpectedStartArrayToken()) {
            throw Problem.badRequest(ON_BEHALF_OF_RULE);
        }
        while (json.nextToken() != JsonToken.END_ARRAY) {
            boolean good = json.currentToken() == JsonToken.VALUE_STRING && Name.matches(json.getText());
            if (!good || owners.size() == MAX_ON_BEHALF_OF) {
                throw Problem.badRequest(ON_BEHALF_OF_RULE);
            }
            owners.add(json.getText());
        }
        return owners;
    }
}
