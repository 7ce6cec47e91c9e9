package dev.steptrail.bench.api;

import dev.steptrail.bench.database.ExampleTask;
import dev.steptrail.bench.database.Postgres;
import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.UuidV7;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/** Steps of fifty tasks that run, sent to the queue as the shipper sends them, at a steady rate. */
final class Feed implements AutoCloseable {
    private static final int TASKS = 50;
    private static final int STEPS_OF_MESSAGE = 20;
    private static final int MESSAGES_AT_A_TIME = 5;
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Postgres postgres;
    private final String queueUrl;
    private final SqsClient sqs;
    private final List<UUID> tasks =
            Stream.generate(() -> UuidV7.at(Instant.now())).limit(TASKS).toList();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final ScheduledFuture<?> sending;
    private final long stepsBefore;
    private volatile int messages;

    private Feed(RunningCloud cloud) throws SQLException {
        postgres = cloud.postgres();
        queueUrl = cloud.queueUrl();
        sqs = cloud.sqs();
        stepsBefore = steps();
        begin();
        sending = thread.scheduleAtFixedRate(this::sendNext, 0, PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    }

    static Feed start(RunningCloud cloud) throws SQLException {
        return new Feed(cloud);
    }

    private void begin() {
        send(List.of(MessageCodec.encode(tasks.stream()
                .map(ExampleTask::started)
                .map(RecordCodec::encode)
                .toList())));
    }

    private void sendNext() {
        int from = messages;
        send(IntStream.range(from, from + MESSAGES_AT_A_TIME)
                .mapToObj(message -> ExampleTask.steps(
                        tasks.get(message % TASKS), 1 + message / TASKS * STEPS_OF_MESSAGE, STEPS_OF_MESSAGE))
                .toList());
        messages = from + MESSAGES_AT_A_TIME;
    }

    private void send(List<MessageBody> bodies) {
        List<SendMessageBatchRequestEntry> entries = IntStream.range(0, bodies.size())
                .mapToObj(id -> entry(Integer.toString(id), bodies.get(id)))
                .toList();
        if (sqs.sendMessageBatch(request -> request.queueUrl(queueUrl).entries(entries))
                .hasFailed()) {
            throw new IllegalStateException("the queue does not take a message");
        }
    }

    private static SendMessageBatchRequestEntry entry(String id, MessageBody body) {
        Map<String, MessageAttributeValue> attributes = body.contentEncoding() == null
                ? Map.of()
                : Map.of(
                        MessageBody.CONTENT_ENCODING,
                        MessageAttributeValue.builder()
                                .dataType("String")
                                .stringValue(body.contentEncoding())
                                .build());
        return SendMessageBatchRequestEntry.builder()
                .id(id)
                .messageBody(body.text())
                .messageAttributes(attributes)
                .build();
    }

    /** How many steps it has sent. */
    long sent() {
        return (long) messages * STEPS_OF_MESSAGE;
    }

    /** How many of them ingest has written. */
    long written() throws SQLException {
        return steps() - stepsBefore;
    }

    private long steps() throws SQLException {
        return postgres.number("SELECT sum(total_steps) FROM tasks");
    }

    /** Stops sending, and waits until all that was sent is written; fails if something was not. */
    void finish() throws SQLException, InterruptedException, ExecutionException {
        thread.shutdown();
        thread.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (!sending.isCancelled()) {
            sending.get(); // which tells why it ended by itself
        }
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (written() != sent()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("of " + sent() + " steps only " + written() + " were written");
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        if (postgres.number("SELECT count(*) FROM rejected_messages") > 0) {
            throw new IllegalStateException("ingest rejected something");
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        sqs.close();
    }
}
