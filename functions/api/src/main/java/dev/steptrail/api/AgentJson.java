package dev.steptrail.api;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.steptrail.store.Agent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** An agent in JSON, out and in. */
final class AgentJson {
    private static final int MAX_ON_BEHALF_OF = 100;

    private static final String ON_BEHALF_OF_RULE = "on_behalf_of: must be an array of at most " + MAX_ON_BEHALF_OF
            + " owners, each 1 to 256 characters; \"*\" stands for any.";

    private String owner = "";
    private List<String> onBehalfOf = List.of();

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
        AgentJson read = new AgentJson();
        Map<String, JsonBody.Field> fields = new TreeMap<>();
        fields.put("owner", json -> read.owner = JsonBody.string(json));
        fields.put("on_behalf_of", json -> read.onBehalfOf = owners(json));
        JsonBody.read(body, fields);
        return new Agent(senderId, Name.checked("owner", read.owner), read.onBehalfOf);
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
