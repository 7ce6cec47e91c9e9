package dev.steptrail.api.json;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.steptrail.store.jdbc.Page;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A paged list: {@code {"tasks":[…],"next_cursor":…}}. The cursor is null on the last page. Pages stay within Lambda's
 * size limit.
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
     * @param elements returns the elements of an item; they are never split across pages
     * @param cursor returns the cursor of the page that starts after an item
     * @param more further fields of the response
     * @param searchCursor the cursor if the search stopped early; null if it did not
     */
    public static <T> byte[] of(
            String name,
            Page<T> page,
            Function<T, List<?>> elements,
            Function<T, String> cursor,
            Map<String, ?> more,
            @Nullable String searchCursor) {
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
                    hasMore && fit > 0 ? cursor.apply(page.items().get(fit - 1)) : searchCursor);
            json.writeEndObject();
        });
    }

    /** Writes the items that fit, but at least the first, and returns their number. */
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
