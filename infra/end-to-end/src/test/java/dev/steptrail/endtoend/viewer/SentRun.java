package dev.steptrail.endtoend.viewer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.steptrail.endtoend.CloudProcess;
import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.stepformat.UuidV7;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

/** A synthetic run. A test adds its records and sends them to the queue, as an agent's shipper does. */
final class SentRun {
    private static final int A_MESSAGE = 200;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final CloudProcess cloud;
    private final StoredPictures pictures;
    private final UUID task;
    private final List<byte[]> records = new ArrayList<>();
    private Instant clock;
    private int last;

    private SentRun(CloudProcess cloud, Instant start) {
        this.cloud = cloud;
        this.clock = start;
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        this.task = UuidV7.of(start, random);
        this.pictures = new StoredPictures(cloud, task);
    }

    /** Creates a run that starts now. */
    static SentRun of(CloudProcess cloud, Map<String, Object> about) {
        return at(cloud, Instant.now(), about);
    }

    static SentRun at(CloudProcess cloud, Instant start, Map<String, Object> about) {
        SentRun run = new SentRun(cloud, start);
        run.record("task_started", about);
        return run;
    }

    String task() {
        return task.toString();
    }

    /** Adds a step, 1 s after the previous record. */
    SentRun step(Map<String, ?> fields, Picture... seen) {
        clock = clock.plusSeconds(1);
        Map<String, Object> step = new LinkedHashMap<>(Map.of("step_type", "action", "success", true));
        step.put("step_number", ++last);
        step.put("screenshots", List.of(seen).stream().map(pictures::store).toList());
        step.putAll(fields);
        record("step", step);
        return this;
    }

    /** Uploads pictures in parallel, for use in later steps. */
    SentRun storing(List<Picture> all) {
        all.parallelStream().forEach(pictures::store);
        return this;
    }

    /** Adds a step that has only an action and pictures. */
    SentRun doing(Map<String, ?> action, Picture... seen) {
        return step(Map.of("action", action), seen);
    }

    SentRun ended(String status) {
        return ended(status, Map.of());
    }

    SentRun ended(String status, Map<String, ?> more) {
        Map<String, Object> end = new LinkedHashMap<>(Map.of("status", status, "last_step_number", last));
        end.putAll(more);
        record("task_ended", end);
        return this;
    }

    private void record(String kind, Map<String, ?> fields) {
        Map<String, Object> record = new LinkedHashMap<>();
        record.put("v", 1);
        record.put("record", kind);
        record.put("task_id", task.toString());
        record.put("timestamp", clock.toString());
        record.putAll(fields);
        try {
            records.add(JSON.writeValueAsBytes(record));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** Sends the records that were added since the last call, and waits until ingest has stored them. */
    SentRun sent() throws InterruptedException {
        sendAll(List.of(this));
        return this;
    }

    /** Sends the records of several runs of one cloud, and waits until ingest has stored them. */
    static void sendAll(List<SentRun> runs) throws InterruptedException {
        CloudProcess cloud = runs.get(0).cloud;
        List<byte[]> all = runs.stream().flatMap(run -> run.records.stream()).toList();
        for (int from = 0; from < all.size(); from += A_MESSAGE) {
            send(cloud, MessageCodec.encode(all.subList(from, Math.min(all.size(), from + A_MESSAGE))));
        }
        runs.forEach(run -> run.records.clear());
        cloud.awaitIngest();
    }

    private static void send(CloudProcess cloud, MessageBody body) {
        Map<String, MessageAttributeValue> attributes = body.contentEncoding() == null
                ? Map.of()
                : Map.of(
                        MessageBody.CONTENT_ENCODING,
                        MessageAttributeValue.builder()
                                .dataType("String")
                                .stringValue(body.contentEncoding())
                                .build());
        cloud.sqs().sendMessage(request -> request.queueUrl(cloud.environment().get("STEPTRAIL_QUEUE_URL"))
                .messageBody(body.text())
                .messageAttributes(attributes));
    }
}
