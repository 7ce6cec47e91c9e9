package dev.steptrail.cli.lines;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.stepformat.InvalidRecordException;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.StepRecord;

/** Lines to JSON and JSON to records, with numbers as they were written. */
final class LineJson {
    /** A line is bounded where it is read; what a record may hold, its codec says. */
    private static final StreamReadConstraints CONSTRAINTS = StreamReadConstraints.builder()
            .maxStringLength(LineInput.MAX_LINE_BYTES)
            .maxNumberLength(10_000)
            .build();

    static final ObjectMapper JSON = JsonMapper.builder(
                    JsonFactory.builder().streamReadConstraints(CONSTRAINTS).build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private LineJson() {}

    static ObjectNode object(String line) throws LineException {
        try {
            if (JSON.readTree(line) instanceof ObjectNode json) {
                return json;
            }
        } catch (StreamConstraintsException e) {
            throw new LineException("the record: nests too deep, or has a name or a number that is too long");
        } catch (JsonProcessingException e) {
            // Its message quotes the line.
            throw new LineException("the record: is not JSON");
        }
        throw new LineException("the record: must be a JSON object");
    }

    static StepRecord record(ObjectNode json) throws InvalidRecordException {
        try {
            return RecordCodec.decode(JSON.writeValueAsBytes(json));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree in memory is JSON", e);
        }
    }
}
