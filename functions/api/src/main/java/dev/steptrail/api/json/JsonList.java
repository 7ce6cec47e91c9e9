package dev.steptrail.api.json;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.steptrail.store.jdbc.Page;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A list in pages: {@code {"tasks":[…],"next_cursor":…}}, null at the end. Ends early rather than exceed the size limit of Lambda.
 */
public final class JsonList {
    private JsonList() {}

    /** Returns a list of the items. */
    public static <T> byte[] of(String name, Page<T> page, Function<T, String> cursor) {
        return of(name, page, List::of, cursor, Map.of(), null);
    }

    /**
     * Returns a list in which each item of the page becomes any number of elements.
     *
     * @param elements of one item; they are never split across pages
     * @param cursor of the page after this item
     * @param more further fields of the response
     * @param onward the cursor of the next page if the database was not read past this one; or null
     */
    public static <T> byte[] of(
            String name,
            Page<T> page,
            Function<T, List<?>> elements,
            Function<T, String> cursor,
            Map<String, ?> more,
            @Nullable String onward) {
        return Json.write((json, budget) -> {
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

    /** Writes those that fit, and the first in any case, and returns how many. */
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
