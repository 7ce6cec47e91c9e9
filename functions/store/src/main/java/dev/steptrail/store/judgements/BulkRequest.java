package dev.steptrail.store.judgements;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import dev.steptrail.stepformat.Sha256;
import dev.steptrail.stepformat.VerdictValue;
import dev.steptrail.store.admin.JobRepository;
import dev.steptrail.store.judgements.VerdictRepository.NewVerdict;
import dev.steptrail.store.model.Facet;
import dev.steptrail.store.model.TaskFilter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A request to change the tasks that a filter selects. A job stores it as JSON, with the names of the records'
 * components in snake case, and the facets as the parameters of the list of tasks: {@code tag} and
 * {@code metadata.KEY}.
 */
public record BulkRequest(TaskFilter filter, BulkChange change) {
    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
            .disable(MapperFeature.AUTO_DETECT_IS_GETTERS)
            .addModule(new SimpleModule()
                    .addSerializer(Instant.class, ToStringSerializer.instance)
                    .addDeserializer(Instant.class, new InstantDeserializer())
                    .addSerializer(VerdictValue.class, new ValueSerializer())
                    .addDeserializer(VerdictValue.class, new ValueDeserializer()))
            .build();

    private static final String FACETS = "facets";

    /** The fields of the JSON object. Either {@code tags} or {@code verdict} is null. */
    private record Stored(
            ObjectNode filter,
            @Nullable TagChange tags,
            @Nullable NewVerdict verdict) {}

    /** Parses the JSON of {@link #json}. */
    public static BulkRequest parse(String json) {
        try {
            Stored stored = JSON.readValue(json, Stored.class);
            BulkChange change = stored.tags() == null ? stored.verdict() : stored.tags();
            if (change == null) {
                throw new IllegalArgumentException("the stored request has no change");
            }
            return new BulkRequest(parseFilter(stored.filter()), change);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("the stored request is invalid", e);
        }
    }

    /** Returns the kind of the job. */
    public String kind() {
        return change instanceof TagChange ? JobRepository.BULK_TAGS : JobRepository.BULK_VERDICTS;
    }

    /** Returns a text that differs for requests of different callers, whose judgements are different ones. */
    public String hash(String caller) {
        return Sha256.hex((caller + "\n" + json()).getBytes(StandardCharsets.UTF_8));
    }

    public String json() {
        try {
            return JSON.writeValueAsString(new Stored(
                    filterJson(),
                    change instanceof TagChange tags ? tags : null,
                    change instanceof NewVerdict verdict ? verdict : null));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ObjectNode filterJson() {
        ObjectNode json = JSON.valueToTree(filter);
        json.remove(FACETS);
        for (Facet facet : filter.facets()) {
            if (facet.isTag()) {
                json.withArrayProperty(Facet.TAG).add(facet.value());
            } else {
                json.put(facet.name(), facet.value());
            }
        }
        return json;
    }

    private static TaskFilter parseFilter(ObjectNode json) throws JsonProcessingException {
        ObjectNode filter = JSON.createObjectNode();
        ArrayNode facets = filter.putArray(FACETS);
        json.properties().forEach(field -> {
            String name = field.getKey();
            if (name.equals(Facet.TAG)) {
                field.getValue().forEach(tag -> facets.addPOJO(Facet.tag(tag.textValue())));
            } else if (name.startsWith(Facet.METADATA)) {
                facets.addPOJO(new Facet(name, field.getValue().textValue()));
            } else {
                filter.set(name, field.getValue());
            }
        });
        return JSON.treeToValue(filter, TaskFilter.class);
    }

    private static final class InstantDeserializer extends JsonDeserializer<Instant> {
        @Override
        public Instant deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            return Instant.parse(parser.getText());
        }
    }

    private static final class ValueSerializer extends StdSerializer<VerdictValue> {
        ValueSerializer() {
            super(VerdictValue.class);
        }

        @Override
        public void serialize(VerdictValue value, JsonGenerator json, SerializerProvider serializers)
                throws IOException {
            if (value instanceof VerdictValue.Score score) {
                json.writeNumber(score.number());
            } else if (value instanceof VerdictValue.Label label) {
                json.writeString(label.wireName());
            }
        }
    }

    private static final class ValueDeserializer extends JsonDeserializer<VerdictValue> {
        @Override
        public VerdictValue deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            return parser.currentToken().isNumeric()
                    ? new VerdictValue.Score(parser.getDoubleValue())
                    : VerdictValue.Label.valueOf(parser.getText().toUpperCase(Locale.ROOT));
        }
    }
}
