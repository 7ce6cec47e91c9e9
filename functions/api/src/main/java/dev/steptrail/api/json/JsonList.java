package dev.steptrail.api.json;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.steptrail.store.jdbc.Page;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes a page of a list: {@code {"tasks":[…],"next_cursor":…}}. The cursor is null on the last page. A page is cut
 * short if it would exceed Lambda's response limit.
 */
public final class JsonList {
    private JsonList() {}

    /** Writes a page in which each item is one element. */
    public static <T> byte[] write(String name, Page<T> page, Function<T, String> cursor) {
        return write(name, page, List::of, cursor, Map.of(), null);
    }

    /**
     * Writes a page in which each item is written as zero or more elements.
     *
     * @param elements returns the elements of an item; they are never split across pages
     * @param cursor returns the cursor of the page that starts after an item
     * @param extraFields further fields of the response
     * @param searchCursor the next cursor if the search stopped early; null if the search reached the end
     */
    public static <T> byte[] write(
            String name,
            Page<T> page,
            Function<T, List<?>> elements,
            Function<T, String> cursor,
            Map<String, ?> extraFields,
            @Nullable String searchCursor) {
        return Json.write((json, budget) -> {
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
}
