package dev.steptrail.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** Which agents are these senders? */
final class FindSenders {
    private static final String SQL = """
            SELECT %s
              FROM agents
             WHERE sender_id = ANY (?)
            """.formatted(AgentColumns.ALL);

    private FindSenders() {}

    static Senders in(Connection connection, Collection<String> senderIds) throws SQLException {
        Object[] names = senderIds.stream()
                .flatMap(id -> Stream.of(id, Senders.prefix(id)))
                .distinct()
                .toArray();
        try (PreparedStatement statement = connection.prepareStatement(SQL)) {
            statement.setArray(1, connection.createArrayOf("text", names));
            List<Agent> agents = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    agents.add(AgentColumns.agent(rows));
                }
            }
            return new Senders(agents);
        }
    }
}
