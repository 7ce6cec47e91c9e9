package dev.steptrail.bucket;

/** Signs URLs of objects, all of one moment, by which a browser reads them until they expire. Asks nobody. Not thread-safe. */
public interface UrlSigner {
    /** The URL of an object with its signature, whether or not it is there. */
    String sign(String key);

    /** The URL of an object that is served as of this content type, whatever who stored it said of it. */
    String signAs(String contentType, String key);
}
