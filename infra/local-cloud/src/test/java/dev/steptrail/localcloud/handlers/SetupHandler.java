package dev.steptrail.localcloud.handlers;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/** A custom resource that creates the table of {@link IngestHandler}. */
public final class SetupHandler implements RequestHandler<Map<String, Object>, Map<String, Object>> {
    private final Map<String, String> settings;

    public SetupHandler(Map<String, String> settings) {
        this.settings = settings;
    }

    @Override
    public Map<String, Object> handleRequest(Map<String, Object> event, Context context) {
        try (Connection connection = connect(settings);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS received (body TEXT, sender TEXT, content_encoding TEXT)");
            return Map.of();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    static Connection connect(Map<String, String> settings) throws SQLException {
        return DriverManager.getConnection(
                settings.get("DATABASE_URL"), settings.get("DATABASE_USER"), settings.get("DATABASE_PASSWORD"));
    }
}
