package dev.steptrail.localcloud.queues;

import com.typesafe.config.ConfigFactory;
import dev.steptrail.localcloud.template.Queue;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.Terminated;
import org.elasticmq.server.ElasticMQServer;
import org.elasticmq.server.config.ElasticMQServerConfig;
import scala.Function0;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;

/**
 * SQS on 127.0.0.1 by ElasticMQ, its messages kept in a folder. What it acknowledged survives a kill. Credentials are not
 * checked. At most one per process, since ElasticMQ's connection pool is global.
 */
public final class QueueServer implements AutoCloseable {
    private final Function0<Terminated> stop;

    private QueueServer(Function0<Terminated> stop) {
        this.stop = stop;
    }

    /**
     * Starts with the messages in the folder. All of them are visible: earlier consumers are gone.
     *
     * @param folder must exist
     * @throws IOException when the folder's messages cannot be read
     */
    public static QueueServer start(Path folder, int port, String region, String account) throws IOException {
        Map<String, Object> config = new HashMap<>();
        config.put("node-address", Map.of("protocol", "http", "host", "127.0.0.1", "port", port, "context-path", ""));
        config.put("generate-node-address", false);
        config.put(
                "rest-sqs",
                Map.of("enabled", true, "bind-port", port, "bind-hostname", "127.0.0.1", "sqs-limits", "strict"));
        config.put("queues", Map.of());
        config.put("queues-storage", Map.of("enabled", false, "path", ""));
        // WRITE_DELAY=0: otherwise H2 acknowledges commits up to half a second before they are on disk.
        String url =
                "jdbc:h2:file:" + folder.resolve("messages").toAbsolutePath() + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE";
        InFlightMessages.release(url);
        config.put(
                "messages-storage",
                Map.of(
                        "enabled",
                        true,
                        "driver-class",
                        "org.h2.Driver",
                        "uri",
                        url,
                        "username",
                        "",
                        "password",
                        "",
                        "prune-data-on-init",
                        false));
        config.put("auto-create-queues", Map.of("enabled", false, "template", Map.of()));
        config.put("aws", Map.of("region", region, "accountId", account));
        return new QueueServer(new ElasticMQServer(new ElasticMQServerConfig(ConfigFactory.parseMap(config))).start());
    }

    /** Creates missing queues and updates the attributes of existing ones. */
    public static void create(SqsClient sqs, List<Queue> queues) {
        List<Queue> order = new ArrayList<>(queues);
        // A dead-letter queue must exist before the queue that refers to it.
        order.sort((a, b) -> Boolean.compare(a.redrive() != null, b.redrive() != null));
        for (Queue queue : order) {
            Map<QueueAttributeName, String> attributes = attributes(queue);
            try {
                String url = sqs.getQueueUrl(request -> request.queueName(queue.name()))
                        .queueUrl();
                sqs.setQueueAttributes(request -> request.queueUrl(url).attributes(attributes));
            } catch (QueueDoesNotExistException e) {
                if (queue.isFifo()) {
                    attributes.put(QueueAttributeName.FIFO_QUEUE, "true"); // cannot be changed later
                }
                sqs.createQueue(request -> request.queueName(queue.name()).attributes(attributes));
            }
        }
    }

    private static Map<QueueAttributeName, String> attributes(Queue queue) {
        Map<QueueAttributeName, String> attributes = new HashMap<>();
        attributes.put(
                QueueAttributeName.VISIBILITY_TIMEOUT,
                Long.toString(queue.visibilityTimeout().toSeconds()));
        Queue.Redrive redrive = queue.redrive();
        if (redrive != null) {
            attributes.put(
                    QueueAttributeName.REDRIVE_POLICY,
                    "{\"deadLetterTargetArn\":\"%s\",\"maxReceiveCount\":\"%d\"}"
                            .formatted(redrive.deadLetterArn(), redrive.maxReceiveCount()));
        }
        return attributes;
    }

    @Override
    public void close() {
        stop.apply();
    }
}
