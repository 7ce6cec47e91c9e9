package dev.steptrail.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** A value of the API's as people read it, {@code -} where there is none. */
final class JsonCell {
    private static final String NONE = "-";

    private JsonCell() {}

    static String of(JsonNode value) {
        if (value.isArray()) {
            List<String> parts = new ArrayList<>();
            value.forEach(part -> parts.add(of(part)));
            return parts.isEmpty() ? NONE : String.join(",", parts);
        }
        if (value.isObject()) {
            return value.toString();
        }
        return value.isNull() || value.isMissingNode() ? NONE : value.asText();
    }

    /** The first of them that there is, its lines in one. */
    static String line(JsonNode... values) {
        for (JsonNode value : values) {
            String line = value.isNull() || value.isMissingNode()
                    ? ""
                    : of(value).replaceAll("\\s+", " ").strip();
            if (!line.isEmpty()) {
                return line;
            }
        }
        return NONE;
    }

    /** A time, to the second. */
    static String time(JsonNode value) {
        try {
            return Instant.parse(value.asText()).truncatedTo(ChronoUnit.SECONDS).toString();
        } catch (DateTimeException none) {
            return of(value);
        }
    }
}
