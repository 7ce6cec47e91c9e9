package dev.steptrail.stepformat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;

/**
 * Reads JSON in which somebody else chose the names of the fields. They are not kept from one document to the next: names that were
 * made to share a hash would fill the table that all documents use, which then refuses them, and those of others.
 */
public final class ForeignJson {
    private ForeignJson() {}

    /** Without any limits of its own. */
    public static JsonFactoryBuilder factory() {
        return new JsonFactoryBuilder()
                .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES);
    }
}
