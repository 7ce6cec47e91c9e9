package dev.steptrail.viewer;

import java.util.Map;

/**
 * A static file of the viewer.
 *
 * @param gzip the content, compressed
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record StaticFile(String contentType, byte[] gzip) {
    private static final Map<String, String> TYPES = Map.of(
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml");

    /** @throws IllegalArgumentException if no content type is defined for the file name's extension */
    static StaticFile of(String name, byte[] gzip) {
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        if (type == null) {
            throw new IllegalArgumentException(
                    "no content type is defined for '" + name + "'; add its extension to StaticFile.TYPES");
        }
        return new StaticFile(type, gzip);
    }
}
