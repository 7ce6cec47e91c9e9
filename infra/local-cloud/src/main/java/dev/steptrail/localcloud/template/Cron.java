package dev.steptrail.localcloud.template;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/** A cron expression of six fields, in UTC. {@code L}, {@code W} and {@code #} are not supported. */
record Cron(
        NavigableSet<Integer> minutes,
        NavigableSet<Integer> hours,
        NavigableSet<Integer> days,
        NavigableSet<Integer> months,
        NavigableSet<Integer> weekdays,
        NavigableSet<Integer> years)
        implements Schedule {
    private static final List<String> MONTHS =
            List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");
    private static final List<String> WEEKDAYS = List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");

    private static final Instant NEVER = Instant.parse("9999-12-31T00:00:00Z");

    static Cron parse(String text) {
        String[] fields = text.strip().split(" +", -1);
        if (fields.length != 6 || fields[2].equals("?") == fields[4].equals("?")) {
            throw new TemplateException(
                    "a cron expression wants six fields, with ? for the day or the weekday: " + text);
        }
        return new Cron(
                field(fields[0], 0, 59, List.of()),
                field(fields[1], 0, 23, List.of()),
                field(fields[2], 1, 31, List.of()),
                field(fields[3], 1, 12, MONTHS),
                field(fields[4], 1, 7, WEEKDAYS),
                field(fields[5], 1970, 2199, List.of()));
    }

    private static NavigableSet<Integer> field(String text, int least, int most, List<String> names) {
        NavigableSet<Integer> values = new TreeSet<>();
        for (String part : text.split(",", -1)) {
            String[] span = part.split("/", 2);
            String[] ends = span[0].split("-", 2);
            boolean any = span[0].equals("*") || span[0].equals("?");
            int from = any ? least : number(ends[0], least, names);
            int to = any || (ends.length == 1 && span.length == 2) ? most : number(ends[ends.length - 1], least, names);
            int step = span.length == 2 ? number(span[1], least, List.of()) : 1;
            if (from < least || to > most || from > to || step < 1) {
                throw new TemplateException("not within a cron expression's bounds: " + text);
            }
            for (int value = from; value <= to; value += step) {
                values.add(value);
            }
        }
        return values;
    }

    private static int number(String text, int least, List<String> names) {
        int name = names.indexOf(text);
        if (name >= 0) {
            return name + least;
        }
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new TemplateException("the local cloud does not know this part of a cron expression: " + text);
        }
    }

    @Override
    public Instant next(Instant after) {
        LocalDateTime from = LocalDateTime.ofInstant(after, ZoneOffset.UTC)
                .truncatedTo(ChronoUnit.MINUTES)
                .plusMinutes(1);
        for (LocalDateTime time = from; time.getYear() <= years.last(); time = step(time)) {
            if (isNamedDay(time) && hours.contains(time.getHour()) && minutes.contains(time.getMinute())) {
                return time.toInstant(ZoneOffset.UTC);
            }
        }
        return NEVER;
    }

    /** To the next minute, or where that cannot be, to the next hour or day. */
    private LocalDateTime step(LocalDateTime time) {
        if (!isNamedDay(time)) {
            return time.truncatedTo(ChronoUnit.DAYS).plusDays(1);
        }
        return hours.contains(time.getHour())
                ? time.plusMinutes(1)
                : time.truncatedTo(ChronoUnit.HOURS).plusHours(1);
    }

    private boolean isNamedDay(LocalDateTime time) {
        int weekday = time.getDayOfWeek().getValue() % 7 + 1; // Sunday is 1
        return years.contains(time.getYear())
                && months.contains(time.getMonthValue())
                && days.contains(time.getDayOfMonth())
                && weekdays.contains(weekday);
    }
}
