package dev.steptrail.store.admin;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.jdbc.PageReader;
import dev.steptrail.store.model.Agent;
import dev.steptrail.store.model.AgentColumns;
import java.sql.PreparedStatement;
import org.jspecify.annotations.Nullable;

/** Which agents may write, by their ids? */
public final class ListAgents {
    private static final String SQL = """
            SELECT %s
              FROM agents
             WHERE sender_id > ?
             ORDER BY sender_id
             LIMIT ?
            """.formatted(AgentColumns.ALL);

    private final Database database;

    public ListAgents(Database database) {
        this.database = database;
    }

    /**
     * A page of the list.
     *
     * @param after the sender_id with which the page before ended, or null for the first
     * @param limit at least 1
     */
    public Page<Agent> page(@Nullable String after, int limit) {
        return database.read(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(SQL)) {
                statement.setString(1, after == null ? "" : after);
                statement.setInt(2, limit + 1);
                return PageReader.read(statement, limit, AgentColumns::agent, ListAgents::size);
            }
        });
    }

    private static long size(Agent agent) {
        return PageReader.length(agent.onBehalfOf().toArray(String[]::new));
    }
}
