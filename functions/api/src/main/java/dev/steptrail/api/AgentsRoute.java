package dev.steptrail.api;

import dev.steptrail.store.Agent;
import dev.steptrail.store.ListAgents;
import dev.steptrail.store.Page;
import java.util.List;

/** {@code GET /api/admin/agents}: who may write, by sender_id. */
record AgentsRoute(ListAgents agents) implements Route.AdminHandler {
    private static final String LIST = "agents.asc";

    @Override
    public Response answer(Request request) {
        Query query = request.query();
        Page<Agent> page = agents.page(query.after(LIST, AgentsRoute::key), query.limit());
        return Response.unstoredJson(JsonList.of(
                "agents",
                page,
                agent -> List.of(json -> AgentJson.write(json, agent)),
                agent -> Cursor.encode(LIST, agent.senderId()),
                null));
    }

    private static String key(List<String> parts) {
        return Name.checked("cursor", String.join("|", parts));
    }
}
