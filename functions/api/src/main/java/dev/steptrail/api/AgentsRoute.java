package dev.steptrail.api;

import dev.steptrail.store.admin.AgentRepository;
import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.model.Agent;
import java.util.List;

/** {@code GET /api/admin/agents}: who may write, by sender_id. */
record AgentsRoute(AgentRepository agents) implements Route.AdminHandler {
    /** A sender_id may have the sign in it that parts a key. */
    private static final Cursors<String> CURSORS =
            new Cursors<>("agents.asc", List::of, parts -> Name.checked("cursor", String.join("|", parts)));

    @Override
    public Response answer(Request request) {
        Query query = request.query();
        Page<Agent> page = agents.page(query.after(CURSORS), query.limit());
        return Response.unstoredJson(JsonList.of(
                "agents",
                page,
                agent -> List.of(json -> AgentJson.write(json, agent)),
                agent -> CURSORS.after(agent.senderId()),
                null));
    }
}
