package dev.steptrail.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A screenshot to be saved, under a name that is the same each time and that no folder can misunderstand.
 *
 * @param sha256 of its bytes; null where it is not known
 */
record Picture(String fileName, String url, @Nullable String sha256) {
    /**
     * Those of a page. Of several in one role, the first of a step is {@code 0007-other.webp} and the next, which has the
     * ordinal 3, {@code 0007-other-3.webp}.
     */
    static List<Picture> of(List<JsonNode> screenshots) {
        Set<String> taken = new HashSet<>();
        List<Picture> pictures = new ArrayList<>();
        for (JsonNode screenshot : screenshots) {
            String role = String.format(
                    Locale.ROOT,
                    "%04d-%s",
                    screenshot.path("step_number").asInt(),
                    word(screenshot.path("role"), "other"));
            String name = taken.add(role)
                    ? role
                    : role + "-" + screenshot.path("ordinal").asInt();
            pictures.add(new Picture(
                    name + "." + word(screenshot.path("format"), "webp"),
                    screenshot.path("url").asText(),
                    screenshot.path("file_hash").textValue()));
        }
        return pictures;
    }

    /** What an API tells is no reason to write elsewhere. */
    private static String word(JsonNode value, String otherwise) {
        return value.asText().matches("[a-z0-9]{1,16}") ? value.asText() : otherwise;
    }
}
