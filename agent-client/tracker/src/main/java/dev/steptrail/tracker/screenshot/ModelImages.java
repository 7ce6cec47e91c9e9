package dev.steptrail.tracker.screenshot;

import dev.steptrail.stepformat.FrameRole;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Replaces the images in what a model received or returned, because the step's frames contain them already, and because
 * frames are redacted and deleted with separate rules.
 *
 * <p>A string that is an image in base64, with or without a {@code data:} prefix, becomes a reference to the frame with
 * the same bytes, such as {@code {"frame":"before"}}. If there is none, it becomes
 * {@code {"omitted":"image","bytes":12345}}. A data URL of an image within a longer text becomes {@code [image]}.
 *
 * <p>Not thread-safe.
 */
public final class ModelImages {
    /** The start of the base64 of a PNG, a JPEG, a WebP and a GIF. */
    private static final List<String> BASE64_STARTS = List.of("iVBORw0KGgo", "/9j/", "UklGR", "R0lGOD");

    private static final String DATA_URL = "data:image/";
    private static final String BASE64_MARKER = ";base64,";

    /** The maximum length of the media type and its parameters in a data URL. */
    private static final int MAX_MEDIA_TYPE = 100;

    /** A shorter string is not an image without a {@code data:} prefix. The smallest PNG has 67 bytes. */
    private static final int MIN_BASE64 = 64;

    private final List<RoleAndImage> frames = new ArrayList<>();

    private record RoleAndImage(FrameRole role, ScreenshotImage image) {}

    /** Adds a frame of the step. */
    public void addFrame(FrameRole role, ScreenshotImage image) {
        frames.add(new RoleAndImage(role, image));
    }

    /** Returns a JSON value without its images. */
    public @Nullable Object replaceIn(@Nullable Object value) {
        if (value instanceof String text) {
            return replaceInText(text);
        } else if (value instanceof List<?> list) {
            List<@Nullable Object> replaced = new ArrayList<>(list.size());
            list.forEach(element -> replaced.add(replaceIn(element)));
            return replaced;
        } else if (value instanceof Map<?, ?> map) {
            Map<Object, @Nullable Object> replaced = new LinkedHashMap<>();
            map.forEach((key, element) -> replaced.put(key, replaceIn(element)));
            return replaced;
        }
        return value;
    }

    private Object replaceInText(String text) {
        int start = startOfBase64(text, 0);
        if (text.startsWith(DATA_URL) && start > 0 && endOfBase64(text, start) == text.length()) {
            return reference(text.substring(start));
        }
        if (text.length() >= MIN_BASE64
                && BASE64_STARTS.stream().anyMatch(text::startsWith)
                && endOfBase64(text, 0) == text.length()) {
            return reference(text);
        }
        return text.contains(DATA_URL) ? withoutDataUrls(text) : text;
    }

    private Map<String, Object> reference(String base64) {
        for (RoleAndImage frame : frames) {
            if (frame.image().isEncodedAs(base64)) {
                return Map.of("frame", frame.role().wireName());
            }
        }
        Map<String, Object> omitted = new LinkedHashMap<>();
        omitted.put("omitted", "image");
        omitted.put("bytes", base64.length() / 4 * 3);
        return omitted;
    }

    private static String withoutDataUrls(String text) {
        StringBuilder replaced = new StringBuilder();
        int copied = 0;
        for (int url = text.indexOf(DATA_URL); url >= 0; url = text.indexOf(DATA_URL, url + 1)) {
            int start = startOfBase64(text, url);
            if (start > 0 && url >= copied) {
                replaced.append(text, copied, url).append("[image]");
                copied = endOfBase64(text, start);
            }
        }
        return replaced.append(text, copied, text.length()).toString();
    }

    /** Returns the start of the base64 in the data URL at {@code url}; -1 if it contains none. */
    private static int startOfBase64(String text, int url) {
        String head = text.substring(url, Math.min(url + MAX_MEDIA_TYPE, text.length()));
        int marker = head.indexOf(BASE64_MARKER);
        return marker < 0 ? -1 : url + marker + BASE64_MARKER.length();
    }

    /** Returns the end of the base64 at {@code start}. In texts that contain JSON, a slash may be escaped. */
    private static int endOfBase64(String text, int start) {
        int end = start;
        while (end < text.length()) {
            char c = text.charAt(end);
            boolean escapedSlash = c == '\\' && text.startsWith("/", end + 1);
            if (!(escapedSlash
                    || (c >= 'A' && c <= 'Z')
                    || (c >= 'a' && c <= 'z')
                    || (c >= '0' && c <= '9')
                    || "+/=-_%".indexOf(c) >= 0)) {
                break;
            }
            end++;
        }
        return end;
    }
}
