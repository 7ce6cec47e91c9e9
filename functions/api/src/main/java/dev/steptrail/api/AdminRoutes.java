package dev.steptrail.api;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.steptrail.api.Problem.Kind;
import dev.steptrail.api.json.Json;
import dev.steptrail.stepformat.InvalidMessageException;
import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.stepformat.TextTruncator;
import dev.steptrail.store.admin.AgentRepository;
import dev.steptrail.store.admin.AgentRepository.UnregisteredSender;
import dev.steptrail.store.admin.AuditLog;
import dev.steptrail.store.admin.RejectedMessageRepository;
import dev.steptrail.store.admin.RejectedMessageRepository.RejectedEntry;
import dev.steptrail.store.admin.RejectedMessageRepository.RejectedMessage;
import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.model.Agent;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The routes by which admins register senders, and read and discard rejected messages. {@link JobRoutes} retries these
 * messages.
 */
record AdminRoutes(AgentRepository agents, RejectedMessageRepository rejected, AuditLog audit) {
    private static final int MAX_ON_BEHALF_OF = 100;

    private static final String ON_BEHALF_OF_RULE = "on_behalf_of: must be an array of at most " + MAX_ON_BEHALF_OF
            + " owners, each 1 to 256 characters; \"*\" means any owner.";

    /** The key is one sender_id. It may contain the separator of cursor parts, so the parts are joined again. */
    private static final CursorCodec<String> AGENT_CURSORS = new CursorCodec<>(
            "agents.asc", List::of, parts -> NameValidator.requireValid("cursor", String.join("|", parts)));

    private static final CursorCodec<String> UNREGISTERED_CURSORS = new CursorCodec<>(
            "unregistered.asc", List::of, parts -> NameValidator.requireValid("cursor", String.join("|", parts)));

    private static final CursorCodec<Long> REJECTED_CURSORS = CursorCodec.forIds("rejected.desc");

    /** In characters. Each takes at most 6 bytes as JSON, or 8 bytes as JSON in base64; Lambda's limit is 6 MB. */
    private static final int MAX_BODY_LENGTH = 512 * 1024;

    /** @param encoding the encoding of {@code text}; null if {@code text} is decoded */
    private record DecodedBody(String text, @Nullable String encoding) {}

    private record MessageResponse(
            @JsonUnwrapped RejectedEntry entry, @Nullable String bodyEncoding, int bodyLength, String body) {}

    /** {@code GET /api/admin/agents}: returns the registered senders, by sender_id. */
    Response listAgents(Request request) {
        Query query = request.query();
        Page<Agent> page = agents.page(query.startKey(AGENT_CURSORS), query.limit());
        return Response.noStoreJson(Json.writeList("agents", page, agent -> AGENT_CURSORS.encode(agent.senderId())));
    }

    /**
     * {@code PUT /api/admin/agents/{sender_id}}: registers a sender, which may then write tasks of the {@code owner}
     * and of the owners in {@code on_behalf_of}.
     */
    Response registerAgent(Request request) {
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
    Response removeAgent(Request request) {
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
    Response listUnregisteredSenders(Request request) {
        Query query = request.query();
        Page<UnregisteredSender> page = agents.unregisteredSenders(query.startKey(UNREGISTERED_CURSORS), query.limit());
        return Response.noStoreJson(
                Json.writeList("unregistered_senders", page, sender -> UNREGISTERED_CURSORS.encode(sender.senderId())));
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

    /** {@code GET /api/admin/rejected}: returns rejected messages and their reasons, newest first, without bodies. */
    Response listRejected(Request request) {
        Query query = request.query();
        RejectedMessageRepository.Filter filter = new RejectedMessageRepository.Filter(
                query.name("owner"), query.name("sender_id"), query.taskId("task_id"));
        Page<RejectedEntry> page = rejected.page(filter, query.startKey(REJECTED_CURSORS), query.limit());
        return Response.noStoreJson(Json.writeList("rejected", page, entry -> REJECTED_CURSORS.encode(entry.id())));
    }

    /**
     * {@code GET /api/admin/rejected/{id}}: returns a rejected message with its body as text. A body that cannot be
     * decoded is returned as received, and {@code body_encoding} names its encoding. A long body is truncated;
     * {@code body_length} is its full length. The read is recorded in the audit log.
     */
    Response getRejected(Request request) {
        RejectedMessage message = findRejected(request);
        if (!audit.recordRejectedRead(request.caller().owner(), message.entry().id())) {
            throw Problem.missing(Kind.NO_SUCH_REJECTED, message.entry().id()); // a concurrent request removed it
        }
        DecodedBody body = decode(message.body());
        return Response.noStoreJson(new MessageResponse(
                message.entry(),
                body.encoding(),
                body.text().length(),
                TextTruncator.truncate(body.text(), MAX_BODY_LENGTH)));
    }

    private RejectedMessage findRejected(Request request) {
        long id = request.rowId("id", Kind.NO_SUCH_REJECTED);
        return rejected.find(id).orElseThrow(() -> Problem.missing(Kind.NO_SUCH_REJECTED, id));
    }

    private static DecodedBody decode(MessageBody body) {
        try {
            return new DecodedBody(MessageCodec.decompress(body), null);
        } catch (InvalidMessageException undecodable) {
            return new DecodedBody(body.text(), body.contentEncoding());
        }
    }

    /** {@code DELETE /api/admin/rejected/{id}}: deletes a rejected message permanently. */
    Response discardRejected(Request request) {
        RejectedEntry entry = findRejected(request).entry();
        Map<String, ?> detail = Map.of("id", entry.id(), "sender_id", entry.senderId(), "reason", entry.reason());
        if (!rejected.remove(entry.id(), request.auditEntry("discard_rejected", entry.taskId(), detail))) {
            throw Problem.missing(Kind.NO_SUCH_REJECTED, entry.id());
        }
        return Response.noContent();
    }
}
