package dev.steptrail.api;

import dev.steptrail.store.admin.AgentRepository;
import dev.steptrail.store.model.Agent;
import java.util.Map;

/** {@code PUT /api/admin/agents/{sender_id}}: lets a sender write, for this owner from now on. */
record RegisterAgentRoute(AgentRepository agents) implements Route.AdminHandler {
    @Override
    public Response answer(Request request) {
        Agent agent = AgentJson.read(Name.checked("sender_id", request.variable("sender_id")), request.body());
        agents.register(
                agent,
                request.entry(
                        "register_agent",
                        null,
                        Map.of(
                                "sender_id", agent.senderId(),
                                "owner", agent.owner(),
                                "on_behalf_of", agent.onBehalfOf())));
        return Response.unstoredJson(Json.of(json -> AgentJson.write(json, agent)));
    }
}
