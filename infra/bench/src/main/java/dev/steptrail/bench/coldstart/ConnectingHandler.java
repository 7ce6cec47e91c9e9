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

/** Opens a connection by the bare driver, and answers without having asked anything by it: what nothing that reads can do without. */
public final class ConnectingHandler implements RequestStreamHandler {
    @Override
    public void handleRequest(InputStream event, OutputStream answer, Context context) throws IOException {
        Properties properties = new Properties();
        properties.setProperty("user", System.getenv("STEPTRAIL_DATABASE_USER"));
        properties.setProperty("password", System.getenv("STEPTRAIL_DATABASE_PASSWORD"));
        try (Connection connection = new Driver().connect(System.getenv("STEPTRAIL_DATABASE_URL"), properties)) {
            answer.write("{\"statusCode\":%d}"
                    .formatted(connection == null ? 500 : 200)
                    .getBytes(StandardCharsets.UTF_8));
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }
}
