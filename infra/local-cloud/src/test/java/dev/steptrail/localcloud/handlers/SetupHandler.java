package dev.steptrail.localcloud.handlers;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
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
            statement.execute(
                    "CREATE TABLE IF NOT EXISTS " + name(event) + " (body TEXT, sender TEXT, content_encoding TEXT)");
            answer(event);
            return Map.of();
        } catch (SQLException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String name(Map<String, Object> event) {
        return String.valueOf(((Map<?, ?>) event.get("ResourceProperties")).get("Name"));
    }

    private static void answer(Map<String, Object> event) throws IOException {
        HttpURLConnection connection = (HttpURLConnection)
                URI.create(event.get("ResponseURL").toString()).toURL().openConnection();
        connection.setRequestMethod("PUT");
        connection.setDoOutput(true);
        try (OutputStream out = connection.getOutputStream()) {
            out.write("{\"Status\":\"SUCCESS\",\"PhysicalResourceId\":\"table\"}".getBytes(StandardCharsets.UTF_8));
        }
        if (connection.getResponseCode() != 200) {
            throw new IOException("answered " + connection.getResponseCode());
        }
    }

    static Connection connect(Map<String, String> settings) throws SQLException {
        return DriverManager.getConnection(
                settings.get("DATABASE_URL"), settings.get("DATABASE_USER"), settings.get("DATABASE_PASSWORD"));
    }
}
