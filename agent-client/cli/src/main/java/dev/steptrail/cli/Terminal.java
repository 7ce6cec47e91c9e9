package dev.steptrail.cli;

/** Where standard output goes, as the start script tells, which can ask, as Java cannot. */
final class Terminal {
    private static final String COLUMNS = "steptrail.columns";

    private Terminal() {}

    /** How wide it is; without bound where that is not known. */
    static int columns() {
        return Integer.getInteger(COLUMNS, Integer.MAX_VALUE);
    }

    /** Whether there is surely none: a file or a program takes what is printed. */
    static boolean isPiped() {
        return "".equals(System.getProperty(COLUMNS));
    }
}
