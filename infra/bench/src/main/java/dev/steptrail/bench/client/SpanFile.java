package dev.steptrail.bench.client;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.Map;
import java.util.function.Consumer;

/** Writes one line of JSON per span to a temporary file, as the tracker does for steps. */
final class SpanFile implements Consumer<Collection<SpanData>> {
    private static final JsonFactory JSON = new JsonFactory();

    private final FileChannel file;

    SpanFile() throws IOException {
        file = FileChannel.open(
                Files.createTempFile("bench-spans", ".jsonl"),
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE);
    }

    @Override
    public void accept(Collection<SpanData> spans) {
        try {
            for (SpanData span : spans) {
                ByteBuffer line = ByteBuffer.wrap(line(span));
                while (line.hasRemaining()) {
                    file.write(line);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] line(SpanData span) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(512);
        try (JsonGenerator json = JSON.createGenerator(line, JsonEncoding.UTF8)) {
            json.writeStartObject();
            json.writeStringField("trace_id", span.getTraceId());
            json.writeStringField("span_id", span.getSpanId());
            json.writeNumberField("start", span.getStartEpochNanos());
            json.writeNumberField("end", span.getEndEpochNanos());
            for (Map.Entry<AttributeKey<?>, Object> attribute :
                    span.getAttributes().asMap().entrySet()) {
                json.writeStringField(attribute.getKey().getKey(), String.valueOf(attribute.getValue()));
            }
            json.writeEndObject();
        }
        line.write('\n');
        return line.toByteArray();
    }
}
