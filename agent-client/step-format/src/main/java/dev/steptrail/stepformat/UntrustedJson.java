package dev.steptrail.stepformat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;

/**
 * Configures Jackson for JSON from untrusted sources. Field names are not cached between documents, because all parsers
 * of a factory share the cache: a document with colliding names would slow down or fail the parsing of other documents.
 */
public final class UntrustedJson {
    private UntrustedJson() {}

    /** Returns a builder without the cache of field names and with Jackson's default limits. */
    public static JsonFactoryBuilder factoryBuilder() {
        return new JsonFactoryBuilder()
                .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES);
    }
}
