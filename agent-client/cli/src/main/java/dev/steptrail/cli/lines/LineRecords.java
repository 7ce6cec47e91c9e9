package dev.steptrail.cli.lines;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.StepType;
import java.time.Instant;
import java.util.UUID;

/** What stands in a record where its line says nothing, or nothing that can be. */
final class LineRecords {
    private LineRecords() {}

    static ObjectNode of(String kind, UUID taskId, Instant now) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("v", StepRecord.VERSION)
                .put("record", kind)
                .put("task_id", taskId.toString())
                .put("timestamp", now.toString());
    }

    static ObjectNode step(UUID taskId, Instant now, int number) {
        return of("step", taskId, now).put("step_number", number).put("step_type", StepType.ACTION);
    }

    /** Any step at all. */
    static ObjectNode step(int number) {
        return step(new UUID(0, 0), Instant.EPOCH, number);
    }
}
