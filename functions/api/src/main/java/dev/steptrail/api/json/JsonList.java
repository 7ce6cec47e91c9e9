package dev.steptrail.api.json;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.steptrail.store.jdbc.Page;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A list in pages: {@code {"tasks":[…],"next_cursor":…}}, null at the end. Ends early rather than grow over what Lambda answers with. */
public final class JsonList {
    /**
     * What the elements of a page take at most, escaped as they are in Lambda's answer, where the body is a JSON string itself
     * (6 MB at most: <a href="https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html">Lambda quotas</a>). An
     * item that is larger is a page of its own.
     */
    private static final int MAX_BYTES = 4_000_000;

    private JsonList() {}

    /** Returns what writes a list of the items. */
    public static <T> Supplier<byte[]> of(String name, Page<T> page, Function<T, String> cursor) {
        return of(name, page, List::of, cursor, Map.of(), null);
    }

    /**
     * Returns what writes a list in which each item of the page becomes any number of elements.
     *
     * @param elements of one item; they are never split across pages
     * @param cursor of the page after this item
     * @param more further fields of the response
     * @param onward the cursor of the next page if the database was not read past this one; or null
     */
    public static <T> Supplier<byte[]> of(
            String name,
            Page<T> page,
            Function<T, List<?>> elements,
            Function<T, String> cursor,
            Map<String, ?> more,
            @Nullable String onward) {
        return () -> Json.write(MAX_BYTES, (json, budget) -> {
            json.writeStartObject();
            json.writeArrayFieldStart(name);
            int fit = writeItems(json, budget, page.items(), elements);
            boolean hasMore = page.hasMore() || fit < page.items().size();
            json.writeEndArray();
            for (Map.Entry<String, ?> field : more.entrySet()) {
                json.writeObjectField(field.getKey(), field.getValue());
            }
            json.writeStringField(
                    "next_cursor",
                    hasMore && fit > 0 ? cursor.apply(page.items().get(fit - 1)) : onward);
            json.writeEndObject();
        });
    }

    /** Writes those that fit, at least one, and returns how many. */
    private static <T> int writeItems(
            JsonGenerator json, ResponseBudget budget, List<T> items, Function<T, List<?>> elements)
            throws IOException {
        int fit = 0;
        for (T item : items) {
            ResponseBudget.Part part = array -> {
                for (Object element : elements.apply(item)) {
                    array.writeObject(element);
                }
            };
            if (fit == 0) {
                part.write(json);
            } else if (!budget.add(part)) {
                break;
            }
            fit++;
        }
        return fit;
    }
}
