package dev.steptrail.viewer;

import java.util.Map;

/**
 * A static file of the viewer.
 *
 * @param isGzip whether the bytes are compressed
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record StaticFile(String contentType, byte[] bytes, boolean isGzip) {
    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("css", "text/css; charset=utf-8"),
            Map.entry("html", "text/html; charset=utf-8"),
            Map.entry("js", "text/javascript; charset=utf-8"),
            Map.entry("json", "application/json"),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("txt", "text/plain; charset=utf-8"),
            Map.entry("webmanifest", "application/manifest+json"),
            Map.entry("ico", "image/x-icon"),
            Map.entry("png", "image/png"),
            Map.entry("webp", "image/webp"),
            Map.entry("woff2", "font/woff2"));

    /** @throws IllegalArgumentException if no content type is defined for the file name's extension */
    static StaticFile of(String name, byte[] bytes, boolean isGzip) {
        if (name.endsWith("/LICENSE")) {
            return of("LICENSE.txt", bytes, isGzip);
        }
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        if (type == null) {
            throw new IllegalArgumentException(
                    "no content type is defined for '" + name + "'; add its extension to StaticFile.TYPES");
        }
        return new StaticFile(type, bytes, isGzip);
    }
}
