package dev.steptrail.bench.coldstart;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import org.postgresql.Driver;

/**
 * The baseline: opens a connection with the plain driver and responds, without running a statement or reading the
 * event. It also opens and closes a connection before the checkpoint.
 */
public final class ConnectingHandler implements RequestStreamHandler {
    static final String RESPONSE = "{\"statusCode\":200}";

    public ConnectingHandler() throws SQLException {
        connect();
    }

    @Override
    public void handleRequest(InputStream event, OutputStream response, Context context) throws IOException {
        try {
            connect();
        } catch (SQLException e) {
            throw new IOException(e);
        }
        response.write(RESPONSE.getBytes(StandardCharsets.UTF_8));
    }

    private static void connect() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", System.getenv("STEPTRAIL_DATABASE_USER"));
        properties.setProperty("password", System.getenv("STEPTRAIL_DATABASE_PASSWORD"));
        try (Connection connection = new Driver().connect(System.getenv("STEPTRAIL_DATABASE_URL"), properties)) {
            if (connection == null) {
                throw new SQLException("STEPTRAIL_DATABASE_URL is not a JDBC URL of PostgreSQL");
            }
        }
    }
}
