package dev.steptrail.api.json;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import com.fasterxml.jackson.databind.util.NameTransformer;
import dev.steptrail.store.admin.AuditLog.AuditRow;
import dev.steptrail.store.admin.JobRepository.RequestedJob;
import dev.steptrail.store.admin.ShareRepository.ShareLink;
import dev.steptrail.store.insights.InsightRepository.StoredInsight;
import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.judgements.NoteRepository.Note;
import dev.steptrail.store.judgements.StepLabelRepository.StepLabel;
import dev.steptrail.store.model.StoredScreenshot;
import dev.steptrail.store.model.StoredStep;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.model.TaskSummary;
import dev.steptrail.store.retention.MaintenanceRuns;
import dev.steptrail.store.statistics.StatisticsQuery.StatsGroup;
import dev.steptrail.store.usage.Cost;
import dev.steptrail.store.usage.Price;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON with Jackson's databind: record components in snake case, doubles rounded to three decimal places, times
 * in ISO 8601. JSON columns are written unchanged.
 */
public final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder(new JsonFactoryBuilder()
                    .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8) // writes emojis unescaped
                    .build())
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(MapperFeature.AUTO_DETECT_IS_GETTERS)
            .disable(SerializationFeature.FLUSH_AFTER_WRITE_VALUE)
            .addModule(new SimpleModule()
                    .addSerializer(Instant.class, ToStringSerializer.instance)
                    .addSerializer(LocalDate.class, ToStringSerializer.instance)
                    .addSerializer(Double.class, new RoundingSerializer())
                    .addSerializer(StoredScreenshot.class, new StepSerializer.OfScreenshot(false))
                    .addSerializer(StoredStep.class, new StepSerializer())
                    .addSerializer(StepSerializer.PricedStep.class, new StepSerializer.Priced()))
            .addMixIn(Task.class, RawColumns.class)
            .addMixIn(MaintenanceRuns.Run.class, RawColumns.class)
            .addMixIn(RequestedJob.class, JobMixIn.class)
            .addMixIn(TaskSummary.Finding.class, RawColumns.class)
            .addMixIn(TaskSummary.Suggestion.class, RawColumns.class)
            .addMixIn(AuditRow.class, AuditMixIn.class)
            .addMixIn(StoredInsight.class, InsightMixIn.class)
            .addMixIn(ShareLink.class, ShareMixIn.class)
            .addMixIn(Note.class, NoteMixIn.class)
            .addMixIn(Price.class, MoneyMixIn.class)
            .addMixIn(Cost.class, MoneyMixIn.class)
            .addMixIn(StepLabel.class, AuthorMixIn.class)
            .addMixIn(TaskSummary.Durations.class, MillisecondsMixIn.class)
            .addMixIn(StatsGroup.Times.class, MillisecondsMixIn.class)
            .build();

    private Json() {}

    /**
     * Writes a page of a list: {@code {"tasks":[…],"next_cursor":…}}. Each item is one element. The cursor is null on
     * the last page. A page is cut short if it would exceed Lambda's response limit.
     */
    public static <T> byte[] writeList(String name, Page<T> page, Function<T, String> cursor) {
        return writeList(name, page, List::of, cursor, Map.of(), null);
    }

    /**
     * Writes a page in which each item is written as zero or more elements.
     *
     * @param elements returns the elements of an item; they are never split across pages
     * @param cursor returns the cursor of the page that starts after an item
     * @param extraFields further fields of the response
     * @param searchCursor the next cursor if the search stopped early; null if the search reached the end
     */
    public static <T> byte[] writeList(
            String name,
            Page<T> page,
            Function<T, List<?>> elements,
            Function<T, String> cursor,
            Map<String, ?> extraFields,
            @Nullable String searchCursor) {
        return write((json, budget) -> {
            json.writeStartObject();
            json.writeArrayFieldStart(name);
            int written = writeItems(json, budget, page.items(), elements);
            boolean hasMore = page.hasMore() || written < page.items().size();
            json.writeEndArray();
            for (Map.Entry<String, ?> field : extraFields.entrySet()) {
                json.writeObjectField(field.getKey(), field.getValue());
            }
            json.writeStringField(
                    "next_cursor",
                    hasMore && written > 0 ? cursor.apply(page.items().get(written - 1)) : searchCursor);
            json.writeEndObject();
        });
    }

    /** Writes the items that fit, but at least the first, and returns their number. */
    private static <T> int writeItems(
            JsonGenerator json, ResponseBudget budget, List<T> items, Function<T, List<?>> elements)
            throws IOException {
        int written = 0;
        for (T item : items) {
            ResponseBudget.PartWriter part = array -> {
                for (Object element : elements.apply(item)) {
                    array.writeObject(element);
                }
            };
            if (written == 0) {
                part.write(json);
            } else if (!budget.writeIfFits(part)) {
                break;
            }
            written++;
        }
        return written;
    }

    /** Writes a document. Omits parts that exceed the budget. */
    interface BodyWriter {
        void write(JsonGenerator json, ResponseBudget budget) throws IOException;
    }

    /** Returns JSON in UTF-8. Serializes to a String: Jackson's UTF-8 output rejects unpaired surrogates. */
    public static byte[] bytes(Object value) {
        return text(value).getBytes(StandardCharsets.UTF_8);
    }

    public static String text(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the document. Strings must not contain unpaired surrogates; strings from the database never do. */
    static byte[] write(BodyWriter writer) {
        ResponseBudget.Buffer buffer = new ResponseBudget.Buffer();
        try (JsonGenerator json = MAPPER.createGenerator(buffer)) {
            writer.write(json, new ResponseBudget(json, buffer));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return buffer.toByteArray();
    }

    /** Writes the fields of a record without the braces of the object. */
    static void writeFields(JsonGenerator json, Record value) throws IOException {
        SerializerProvider serializers = MAPPER.getSerializerProviderInstance();
        serializers
                .findValueSerializer(value.getClass())
                .unwrappingSerializer(NameTransformer.NOP)
                .serialize(value, json, serializers);
    }

    private static final class RoundingSerializer extends StdSerializer<Double> {
        RoundingSerializer() {
            super(Double.class);
        }

        @Override
        public void serialize(Double value, JsonGenerator json, SerializerProvider serializers) throws IOException {
            json.writeNumber(Math.round(value * 1000) / 1000.0);
        }
    }

    private static final class DecimalSerializer extends StdSerializer<BigDecimal> {
        DecimalSerializer() {
            super(BigDecimal.class);
        }

        @Override
        public void serialize(BigDecimal value, JsonGenerator json, SerializerProvider serializers) throws IOException {
            json.writeString(value.stripTrailingZeros().toPlainString());
        }
    }

    /** Marks components that contain JSON. Jackson ignores the methods that the target record does not have. */
    interface RawColumns {
        @JsonIgnore
        long revision();

        @JsonInclude(JsonInclude.Include.NON_EMPTY) // empty if the reader may not see it
        String owner();

        @JsonRawValue
        String losses();

        @JsonRawValue
        String metadata();

        @JsonRawValue
        String attributes();

        @JsonRawValue
        String extraStartFields();

        @JsonRawValue
        String extraEndFields();

        @JsonRawValue
        String counts();

        @JsonRawValue
        String detail();

        @JsonRawValue
        String figures();

        @JsonRawValue
        String result();
    }

    interface JobMixIn extends RawColumns {
        @JsonRawValue
        String request();

        @JsonRawValue
        String progress();

        @JsonIgnore
        String resumeAfter();
    }

    interface AuditMixIn extends RawColumns {
        @JsonIgnore
        long id();

        @JsonProperty("owner")
        String taskOwner();
    }

    @JsonPropertyOrder({"kind", "instruction", "owner", "found_at"})
    interface InsightMixIn extends RawColumns {
        @JsonIgnore
        long id();
    }

    interface AuthorMixIn {
        @JsonInclude(JsonInclude.Include.NON_EMPTY) // empty if the reader may not see it
        String author();
    }

    interface ShareMixIn {
        @JsonProperty("share_id")
        long id();
    }

    interface NoteMixIn extends AuthorMixIn {
        @JsonProperty("note_id")
        long id();
    }

    /** Writes amounts as strings, because many JSON parsers round numbers. */
    interface MoneyMixIn {
        @JsonSerialize(contentUsing = DecimalSerializer.class)
        SortedMap<String, BigDecimal> amounts();

        @JsonSerialize(using = DecimalSerializer.class)
        BigDecimal inputPrice();

        @JsonSerialize(using = DecimalSerializer.class)
        BigDecimal cachedPrice();

        @JsonSerialize(using = DecimalSerializer.class)
        BigDecimal outputPrice();
    }

    interface MillisecondsMixIn {
        @JsonProperty("total_ms")
        Long total();

        @JsonProperty("mean_ms")
        Double mean();

        @JsonProperty("p50_ms")
        Double p50();

        @JsonProperty("p95_ms")
        Double p95();

        @JsonProperty("longest_ms")
        Long longest();
    }
}
