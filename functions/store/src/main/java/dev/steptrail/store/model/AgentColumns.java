package dev.steptrail.store.model;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** The columns of agents, named once, and a row of them read. */
public final class AgentColumns {
    public static final String ALL = "sender_id, owner, on_behalf_of";

    private AgentColumns() {}

    public static Agent agent(ResultSet row) throws SQLException {
        return new Agent(row.getString("sender_id"), row.getString("owner"), List.of((String[])
                row.getArray("on_behalf_of").getArray()));
    }
}
