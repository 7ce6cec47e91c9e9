package dev.steptrail.stepformat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.dialect.Dialects;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class RecordSchemaTest {
    @Property(tries = 3000)
    void schema_anyRecord_agreesWithDecoder(@ForAll("corrupted") JsonNode record) throws Exception {
        assertThat(decodes(record))
                .as(record.toString())
                .isEqualTo(RecordSchema.errors(record).isEmpty());
    }

    @Test
    void schema_isValid() {
        var draft = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(SchemaLocation.of(Dialects.getDraft202012().getId()));

        assertThat(draft.validate(RecordSchema.json())).isEmpty();
    }

    @Test
    void schema_definesFieldsOfRecords() {
        Map<String, Set<String>> kinds = Map.of(
                "task_started", TaskStarted.FIELDS,
                "step", Step.FIELDS,
                "losses", Losses.FIELDS,
                "task_ended", TaskEnded.FIELDS,
                "verdict", Verdict.FIELDS);
        kinds.forEach((kind, fields) -> {
            Set<String> named = properties(RecordSchema.json());
            named.addAll(properties(RecordSchema.json().at("/$defs/" + kind)));
            assertThat(named).isEqualTo(fields);
        });
        assertThat(properties(RecordSchema.json().at("/$defs/frame"))).isEqualTo(Frame.FIELDS);
        assertThat(properties(RecordSchema.json().at("/$defs/screenshot"))).isEqualTo(Screenshot.FIELDS);
        assertThat(properties(RecordSchema.json().at("/$defs/usage"))).isEqualTo(Usage.FIELDS);
        assertThat(properties(RecordSchema.json().at("/$defs/attachment"))).isEqualTo(Attachment.FIELDS);
    }

    private static boolean decodes(JsonNode record) throws Exception {
        try {
            RecordCodec.decode(RecordSchema.bytes(record));
            return true;
        } catch (InvalidRecordException e) {
            return false;
        }
    }

    private static Set<String> properties(JsonNode schema) {
        Set<String> names = new TreeSet<>();
        schema.path("properties").fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Provide
    Arbitrary<JsonNode> corrupted() {
        return CorruptedRecords.records();
    }
}
