package dev.steptrail.localcloud.servers;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigUtil;
import dev.steptrail.localcloud.template.Template.Queue;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;
import org.elasticmq.server.ElasticMQServer;
import org.elasticmq.server.config.ElasticMQServerConfig;

/**
 * Runs ElasticMQ as SQS on 127.0.0.1, with its messages in a folder. Messages already sent survive a kill. Credentials
 * are not checked. A process can run only one instance, because ElasticMQ's connection pool is global.
 */
public final class QueueServer {
    private static final String MESSAGE_TABLES = """
            SELECT table_name
              FROM information_schema.tables
             WHERE table_schema = 'PUBLIC'
               AND table_name LIKE 'MESSAGE\\_%' ESCAPE '\\'
            """;

    private QueueServer() {}

    /**
     * Starts with the messages in the folder. All of them are visible, because no consumer runs yet.
     *
     * @param folder must exist
     * @return a handle that stops the server when closed
     * @throws IOException if the messages in the folder cannot be read
     */
    public static AutoCloseable start(Path folder, int port, String region, String account, List<Queue> queues)
            throws IOException {
        // WRITE_DELAY=0: otherwise H2 acknowledges commits up to half a second before they are on disk.
        String url =
                "jdbc:h2:file:" + folder.resolve("messages").toAbsolutePath() + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE";
        releaseInFlight(url);
        String config = """
                node-address { protocol = http, host = 127.0.0.1, port = %1$d, context-path = "" }
                generate-node-address = false
                rest-sqs { enabled = true, bind-hostname = 127.0.0.1, bind-port = %1$d, sqs-limits = strict }
                queues { %2$s }
                queues-storage { enabled = false, path = "" }
                messages-storage {
                  enabled = true
                  driver-class = org.h2.Driver
                  uri = %3$s
                  username = ""
                  password = ""
                  prune-data-on-init = false
                }
                auto-create-queues { enabled = false, template {} }
                aws { region = %4$s, accountId = "%5$s" }
                """.formatted(
                        port,
                        queues.stream().map(QueueServer::config).collect(Collectors.joining("\n")),
                        ConfigUtil.quoteString(url),
                        region,
                        account);
        var stopServer = new ElasticMQServer(new ElasticMQServerConfig(ConfigFactory.parseString(config))).start();
        return stopServer::apply;
    }

    /**
     * Makes all stored messages visible. ElasticMQ persists visibility timeouts, so messages that were in flight when a
     * local cloud was killed would otherwise stay invisible for minutes. Must run before ElasticMQ opens the store.
     */
    private static void releaseInFlight(String url) throws IOException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement find = connection.createStatement();
                Statement release = connection.createStatement();
                ResultSet tables = find.executeQuery(MESSAGE_TABLES)) {
            while (tables.next()) {
                release.executeUpdate("UPDATE " + release.enquoteIdentifier(tables.getString(1), true)
                        + " SET next_delivery = created WHERE next_delivery > created");
            }
        } catch (SQLException e) {
            throw new IOException("cannot read the stored messages of the queues: " + e.getMessage(), e);
        }
    }

    private static String config(Queue queue) {
        Queue.Redrive redrive = queue.redrive();
        String deadLetterQueue = redrive == null
                ? ""
                : "deadLettersQueue { name = \"%s\", maxReceiveCount = %d }"
                        .formatted(queueName(redrive.deadLetterArn()), redrive.maxReceiveCount());
        return "\"%s\" { defaultVisibilityTimeout = %d seconds, fifo = %b, %s }"
                .formatted(queue.name(), queue.visibilityTimeout().toSeconds(), queue.isFifo(), deadLetterQueue);
    }

    /** Returns the name of a queue, which is the last part of its ARN. */
    public static String queueName(String arn) {
        return arn.substring(arn.lastIndexOf(':') + 1);
    }
}
