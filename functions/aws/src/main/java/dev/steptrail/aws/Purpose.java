package dev.steptrail.aws;

/** What a function is for: the value of the dimension {@code Function} of its metrics, alike in every deployment. */
public enum Purpose {
    INGEST("ingest"),
    API("api"),
    EXPORT("export"),
    MAINTENANCE("maintenance"),
    MIGRATE("migrate");

    private final String dimension;

    Purpose(String dimension) {
        this.dimension = dimension;
    }

    /** As metrics name it. */
    public String dimension() {
        return dimension;
    }
}
