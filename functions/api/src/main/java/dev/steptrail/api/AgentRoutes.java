package dev.steptrail.api;

import dev.steptrail.api.Problem.Kind;
import dev.steptrail.api.json.JsonList;
import dev.steptrail.store.admin.AgentRepository;
import dev.steptrail.store.admin.AgentRepository.UnregisteredSender;
import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.model.Agent;
import java.util.List;
import java.util.Map;

/** The routes by which admins register senders. */
record AgentRoutes(AgentRepository agents) {
    private static final int MAX_ON_BEHALF_OF = 100;

    private static final String ON_BEHALF_OF_RULE = "on_behalf_of: must be an array of at most " + MAX_ON_BEHALF_OF
            + " owners, each 1 to 256 characters; \"*\" means any owner.";

    /** The key is one sender_id. It may contain the separator of cursor parts, so the parts are joined again. */
    private static final CursorCodec<String> AGENT_CURSORS = new CursorCodec<>(
            "agents.asc", List::of, parts -> NameValidator.requireValid("cursor", String.join("|", parts)));

    private static final CursorCodec<String> UNREGISTERED_CURSORS = new CursorCodec<>(
            "unregistered.asc", List::of, parts -> NameValidator.requireValid("cursor", String.join("|", parts)));

    /** {@code GET /api/admin/agents}: returns the registered senders, by sender_id. */
    Response list(Request request) {
        Query query = request.query();
        Page<Agent> page = agents.page(query.startKey(AGENT_CURSORS), query.limit());
        return Response.noStoreJson(JsonList.write("agents", page, agent -> AGENT_CURSORS.encode(agent.senderId())));
    }

    /**
     * {@code PUT /api/admin/agents/{sender_id}}: registers a sender, which may then write tasks of the {@code owner}
     * and of the owners in {@code on_behalf_of}.
     */
    Response register(Request request) {
        JsonBody body = JsonBody.parse(request.body(), List.of("owner", "on_behalf_of"));
        Agent agent = new Agent(
                NameValidator.requireValid("sender_id", request.variable("sender_id")),
                NameValidator.requireValid("owner", body.string("owner")),
                onBehalfOf(body));
        agents.register(
                agent,
                request.auditEntry(
                        "register_agent",
                        null,
                        Map.of(
                                "sender_id", agent.senderId(),
                                "owner", agent.owner(),
                                "on_behalf_of", agent.onBehalfOf())));
        return Response.noStoreJson(agent);
    }

    /** {@code DELETE /api/admin/agents/{sender_id}}: unregisters a sender. */
    Response remove(Request request) {
        String senderId = request.variable("sender_id");
        if (!NameValidator.isValid(senderId)
                || !agents.remove(senderId, request.auditEntry("remove_agent", null, Map.of("sender_id", senderId)))) {
            throw Problem.missing(Kind.NO_SUCH_AGENT, senderId);
        }
        return Response.noContent();
    }

    /**
     * {@code GET /api/admin/unregistered-senders}: returns unregistered senders with rejected messages, by sender_id.
     */
    Response unregistered(Request request) {
        Query query = request.query();
        Page<UnregisteredSender> page = agents.unregisteredSenders(query.startKey(UNREGISTERED_CURSORS), query.limit());
        return Response.noStoreJson(
                JsonList.write("unregistered_senders", page, sender -> UNREGISTERED_CURSORS.encode(sender.senderId())));
    }

    private static List<String> onBehalfOf(JsonBody body) {
        if (!body.has("on_behalf_of")) {
            return List.of();
        }
        List<String> owners = body.strings("on_behalf_of");
        if (owners == null
                || owners.size() > MAX_ON_BEHALF_OF
                || !owners.stream().allMatch(NameValidator::isValid)) {
            throw Problem.badRequest(ON_BEHALF_OF_RULE);
        }
        return owners;
    }
}
