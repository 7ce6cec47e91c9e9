package dev.steptrail.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.steptrail.store.model.Agent;
import java.io.IOException;
import java.util.List;

/** An agent in JSON, out and in. */
final class AgentJson {
    private static final int MAX_ON_BEHALF_OF = 100;

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
        JsonBody read = JsonBody.of(body, List.of("owner", "on_behalf_of"));
        return new Agent(senderId, Name.checked("owner", read.string("owner")), onBehalfOf(read));
    }

    private static List<String> onBehalfOf(JsonBody body) {
        if (!body.has("on_behalf_of")) {
            return List.of();
        }
        List<?> owners = body.array("on_behalf_of");
        if (owners == null
                || owners.size() > MAX_ON_BEHALF_OF
                || !owners.stream().allMatch(owner -> owner instanceof String name && Name.matches(name))) {
            throw Problem.badRequest(ON_BEHALF_OF_RULE);
        }
        return owners.stream().map(String.class::cast).toList();
    }
}
