package dev.steptrail.api.json;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.steptrail.report.EscapedLength;
import dev.steptrail.store.jdbc.Page;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A list in pages: {@code {"tasks":[…],"next_cursor":…}}, null at the end. Ends early rather than grow over what Lambda answers with. */
public final class JsonList {
    /**
     * What the elements of a page take at most, escaped as they are in Lambda's answer, where the body is a JSON string itself
     * (6 MB at most: <a href="https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html">Lambda quotas</a>). An
     * item that is larger is a page of its own.
     */
    private static final int MAX_BYTES = 4_000_000;

    private static final int USUAL_LENGTH = 128 * 1024;

    private JsonList() {}

    /** Returns a list in which each item of the page is an object of these fields. */
    public static <T> byte[] of(String name, Page<T> page, Json.Fields<T> fields, Function<T, String> cursor) {
        return of(
                name,
                page,
                item -> List.of(json -> {
                    json.writeStartObject();
                    fields.write(json, item);
                    json.writeEndObject();
                }),
                cursor,
                null);
    }

    /**
     * Returns a list in which each item of the page becomes any number of elements.
     *
     * @param elements of one item; they are never split across pages
     * @param cursor of the page after this item
     * @param more further fields of the response, or null
     */
    public static <T> byte[] of(
            String name,
            Page<T> page,
            Function<T, List<Json.Value>> elements,
            Function<T, String> cursor,
            Json.@Nullable Value more) {
        return of(name, page, elements, cursor, more, null);
    }

    /**
     * Returns a list that may continue after a page without more items.
     *
     * @param onward the cursor of the next page if the database was not read past this one; or null
     */
    public static <T> byte[] of(
            String name,
            Page<T> page,
            Function<T, List<Json.Value>> elements,
            Function<T, String> cursor,
            Json.@Nullable Value more,
            @Nullable String onward) {
        JsonBuffer written = new JsonBuffer(USUAL_LENGTH);
        return Json.of(written, json -> {
            json.writeStartObject();
            json.writeArrayFieldStart(name);
            int fit = writeItems(json, written, page.items(), elements);
            boolean hasMore = page.hasMore() || fit < page.items().size();
            json.writeEndArray();
            if (more != null) {
                more.write(json);
            }
            Json.text(
                    json,
                    "next_cursor",
                    hasMore && fit > 0 ? cursor.apply(page.items().get(fit - 1)) : onward);
            json.writeEndObject();
        });
    }

    /** Writes those that fit, and answers how many. */
    private static <T> int writeItems(
            JsonGenerator json, JsonBuffer written, List<T> items, Function<T, List<Json.Value>> elements)
            throws IOException {
        int fit = 0;
        int measured = 0;
        int size = 0;
        json.flush();
        for (T item : items) {
            int before = written.size();
            for (Json.Value element : elements.apply(item)) {
                element.write(json);
            }
            json.flush();
            if (written.size() > MAX_BYTES / EscapedLength.LONGEST_CHARACTER) { // else it cannot be too much
                size += written.escapedLength(measured);
                measured = written.size();
                if (fit > 0 && size > MAX_BYTES) {
                    written.cut(before);
                    return fit;
                }
            }
            fit++;
        }
        return fit;
    }
}
