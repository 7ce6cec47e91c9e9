package dev.steptrail.store.roles;

/** Quotes names in SQL statements. */
final class Identifiers {
    private Identifiers() {}

    static String quote(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }
}
