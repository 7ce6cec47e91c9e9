package dev.steptrail.store.model;

import dev.steptrail.store.jdbc.RecordMapper;
import java.util.List;

/**
 * A registered sender.
 *
 * @param senderId a complete {@code aws:userid}, or the part before its colon, which matches all sessions of a role
 * @param onBehalfOf additional owners for whom the sender may record; {@code *} matches any owner
 */
public record Agent(String senderId, String owner, List<String> onBehalfOf) {
    public static final RecordMapper<Agent> ROW = RecordMapper.of(Agent.class);

    private static final String ANY_OWNER = "*";

    public Agent {
        onBehalfOf = List.copyOf(onBehalfOf);
    }

    public boolean mayRecordFor(String taskOwner) {
        return taskOwner.equals(owner) || onBehalfOf.contains(taskOwner) || onBehalfOf.contains(ANY_OWNER);
    }
}
