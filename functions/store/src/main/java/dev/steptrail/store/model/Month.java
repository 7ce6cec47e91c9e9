package dev.steptrail.store.model;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.UUID;

/** A month of tasks, by the times in their ids: its partitions hold all rows of them. */
public record Month(LocalDate firstDay) {
    private static final int BITS_AFTER_MILLIS = 16;

    public String steps() {
        return new MonthPartition("task_steps", firstDay).name();
    }

    public String screenshots() {
        return new MonthPartition("step_screenshots", firstDay).name();
    }

    /** The least id that there can be in it. */
    public UUID firstId() {
        return new UUID(bitsAt(firstDay), 0);
    }

    /** The greatest. */
    public UUID lastId() {
        return new UUID(bitsAt(firstDay.plusMonths(1)) - 1, -1);
    }

    private static long bitsAt(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli() << BITS_AFTER_MILLIS;
    }

    @Override
    public String toString() {
        return firstDay.toString().substring(0, "2026-03".length());
    }
}
