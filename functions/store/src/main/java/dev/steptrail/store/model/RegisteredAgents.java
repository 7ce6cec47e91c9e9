package dev.steptrail.store.model;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The registered agents that a batch refers to, as senders of messages or as uploaders of objects. */
public final class RegisteredAgents {
    private final Map<String, Agent> byId = new HashMap<>();

    public RegisteredAgents(List<Agent> agents) {
        agents.forEach(agent -> byId.put(agent.senderId(), agent));
    }

    /** Returns the part before the colon, which all sessions of a role share; the complete id if it has no colon. */
    public static String withoutSession(String senderId) {
        int colon = senderId.indexOf(':');
        return colon < 0 ? senderId : senderId.substring(0, colon);
    }

    /** Returns the agent registered under this id or, if there is none, under the id without its session; or null. */
    @Nullable
    public Agent find(String senderId) {
        Agent exact = byId.get(senderId);
        return exact != null ? exact : byId.get(withoutSession(senderId));
    }

    /** Returns whether the key is {@code <folder>/<sender>/<task_id>/…} and the sender belongs to this owner. */
    public boolean isKeyOf(String folder, String owner, UUID taskId, String key) {
        String sender = ObjectKeys.senderId(key);
        Agent uploader = sender == null ? null : find(sender);
        return uploader != null
                && uploader.owner().equals(owner)
                && key.startsWith(folder + "/" + sender + "/" + taskId + "/");
    }
}
