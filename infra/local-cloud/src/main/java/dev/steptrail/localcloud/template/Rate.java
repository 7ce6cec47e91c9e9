package dev.steptrail.localcloud.template;

import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A schedule with a fixed period; the first time is one period after the start. */
record Rate(Duration period) implements Schedule {
    /** EventBridge takes no "1 hours", nor "2 hour". */
    private static final Pattern FORM =
            Pattern.compile("1 (minute|hour|day)|(?!1 )([1-9][0-9]{0,8}) (minute|hour|day)s");

    static Rate parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new TemplateException("not a rate such as 1 hour or 5 minutes: " + text);
        }
        long value = form.group(2) == null ? 1 : Long.parseLong(form.group(2));
        String unit = form.group(1) == null ? form.group(3) : form.group(1);
        return new Rate(
                switch (unit) {
                    case "minute" -> Duration.ofMinutes(value);
                    case "hour" -> Duration.ofHours(value);
                    default -> Duration.ofDays(value);
                });
    }

    @Override
    public Instant next(Instant after) {
        return after.plus(period);
    }
}
