package dev.steptrail.cli;

/** The terminal, as described by system properties of the start script, since Java cannot find out. */
final class Terminal {
    private static final String COLUMNS = "steptrail.columns";

    private Terminal() {}

    /** Its width; unlimited if that is not known. */
    static int columns() {
        return Integer.getInteger(COLUMNS, Integer.MAX_VALUE);
    }

    /** Whether standard output is certainly a file or a program. */
    static boolean isPiped() {
        return "".equals(System.getProperty(COLUMNS));
    }
}
