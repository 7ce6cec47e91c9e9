package dev.steptrail.api;

import dev.steptrail.store.admin.AgentRepository;
import java.util.Map;

/** {@code DELETE /api/admin/agents/{sender_id}}: lets a sender write no more. */
record RemoveAgentRoute(AgentRepository agents) implements Route.AdminHandler {
    @Override
    public Response answer(Request request) {
        String senderId = request.variable("sender_id");
        if (!Name.matches(senderId)
                || !agents.remove(senderId, request.entry("remove_agent", null, Map.of("sender_id", senderId)))) {
            throw Problem.noSuchAgent();
        }
        return Response.nothing();
    }
}
