package dev.steptrail.aws;

import org.jspecify.annotations.Nullable;

/** Signs URLs of objects, by which a browser reads them until they expire. No request is sent. Thread-safe. */
public interface UrlSigner {
    /**
     * Returns the signed URL of an object, whether or not it exists.
     *
     * @param contentType with which the object is served, whatever type it was stored with; null for that one
     */
    String sign(String objectKey, @Nullable String contentType);

    default String sign(String objectKey) {
        return sign(objectKey, null);
    }
}
