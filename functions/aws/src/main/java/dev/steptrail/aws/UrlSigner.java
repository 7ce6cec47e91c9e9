package dev.steptrail.aws;

/** Signs URLs of objects, by which a browser reads them until they expire. No request is sent. Thread-safe. */
public interface UrlSigner {
    /** Returns the signed URL of an object, whether or not it exists. */
    String sign(String objectKey);

    /** Returns the signed URL of an object that is served with this content type, whatever type it was stored with. */
    String signAs(String contentType, String objectKey);
}
