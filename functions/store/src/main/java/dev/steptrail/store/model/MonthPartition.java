package dev.steptrail.store.model;

import java.time.LocalDate;
import java.time.format.DateTimeFormatter;

/**
 * A month of a table that is partitioned by months.
 *
 * @param table such as {@code task_steps}
 * @param month its first day
 */
public record MonthPartition(String table, LocalDate month) {
    private static final DateTimeFormatter SUFFIX = DateTimeFormatter.ofPattern("_yyyy_MM");

    /** As Postgres names it, such as {@code task_steps_2026_03}. */
    public String name() {
        return table + month.format(SUFFIX);
    }
}
