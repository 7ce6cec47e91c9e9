package dev.steptrail.cli.command;

import java.time.ZoneId;
import java.util.Map;

/** What the {@code steptrail} command passes to its commands. */
public interface GlobalOptions {
    /** Returns the environment variables. */
    Map<String, String> environment();

    /** Returns the time zone in which times are printed. */
    ZoneId zone();
}
