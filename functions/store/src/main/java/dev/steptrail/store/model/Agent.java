package dev.steptrail.store.model;

import dev.steptrail.store.jdbc.RecordMapper;
import java.util.List;

/**
 * A sender that may write.
 *
 * @param senderId a whole {@code aws:userid}, or the part before its colon, which stands for all its sessions
 * @param onBehalfOf further owners that it may name in {@code on_behalf_of}; {@code *} stands for any
 */
public record Agent(String senderId, String owner, List<String> onBehalfOf) {
    public static final RecordMapper<Agent> ROW = RecordMapper.of(Agent.class);

    private static final String ANYBODY = "*";

    public Agent {
        onBehalfOf = List.copyOf(onBehalfOf);
    }

    public boolean mayRecordFor(String anOwner) {
        return anOwner.equals(owner) || onBehalfOf.contains(anOwner) || onBehalfOf.contains(ANYBODY);
    }
}
