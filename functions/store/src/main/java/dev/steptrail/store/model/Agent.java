package dev.steptrail.store.model;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/**
 * A sender that may write.
 *
 * @param senderId a whole {@code aws:userid}, or the part before its colon, which stands for all its sessions
 * @param owner whose tasks it records
 * @param onBehalfOf further owners whom it may name in {@code on_behalf_of}; {@code *} stands for any
 */
public record Agent(String senderId, String owner, List<String> onBehalfOf) {
    private static final String ANYBODY = "*";

    public Agent {
        onBehalfOf = List.copyOf(onBehalfOf);
    }

    /** Reads a row of {@code sender_id}, {@code owner} and {@code on_behalf_of}. */
    public static Agent of(ResultSet row) throws SQLException {
        return new Agent(row.getString("sender_id"), row.getString("owner"), List.of((String[])
                row.getArray("on_behalf_of").getArray()));
    }

    public boolean mayRecordFor(String anOwner) {
        return anOwner.equals(owner) || onBehalfOf.contains(anOwner) || onBehalfOf.contains(ANYBODY);
    }
}
