package dev.steptrail.localcloud.template;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The times at which EventBridge invokes a function.
 *
 * @see <a href="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html">Schedule
 *     expressions</a>
 */
@FunctionalInterface
public interface Schedule {
    /** Returns the first scheduled time after the given time. */
    Instant next(Instant after);

    /**
     * Parses {@code rate(…)} or {@code cron(…)}.
     *
     * @throws TemplateException if the expression is invalid
     */
    static Schedule parse(String expression) {
        Matcher form = Pattern.compile("(rate|cron)\\((.*)\\)").matcher(expression);
        if (!form.matches()) {
            throw new TemplateException("schedule must be rate(…) or cron(…), but is " + expression);
        }
        return form.group(1).equals("rate")
                ? Rate.parse(form.group(2))
                : cron(form.group(2).strip());
    }

    /** A fixed period; the first time is one period after the start. */
    record Rate(Duration period) implements Schedule {
        static Rate parse(String text) {
            Matcher form =
                    Pattern.compile("([1-9][0-9]{0,8}) (minute|hour|day)(s?)").matcher(text);
            // EventBridge rejects "1 hours" and "2 hour".
            if (!form.matches() || form.group(1).equals("1") != form.group(3).isEmpty()) {
                throw new TemplateException("rate must be like 1 hour or 5 minutes, but is " + text);
            }
            ChronoUnit unit = ChronoUnit.valueOf(form.group(2).toUpperCase(Locale.ROOT) + "S");
            return new Rate(Duration.of(Long.parseLong(form.group(1)), unit));
        }

        @Override
        public Instant next(Instant after) {
            return after.plus(period);
        }
    }

    /** Returns a schedule in UTC. If no time in the next 100 years matches, the next time is in the year 9999. */
    private static Schedule cron(String text) {
        if (text.split(" +").length != 6) {
            throw new TemplateException("a cron expression must have six fields, but is " + text);
        }
        try {
            // Quartz has one more field, for seconds, before these.
            CronParser parser = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.QUARTZ));
            ExecutionTime times = ExecutionTime.forCron(parser.parse("0 " + text));
            return after -> times.nextExecution(after.atZone(ZoneOffset.UTC))
                    .map(ZonedDateTime::toInstant)
                    .orElse(Instant.parse("9999-12-31T00:00:00Z"));
        } catch (IllegalArgumentException e) {
            throw new TemplateException("invalid cron expression " + text + ": " + e.getMessage());
        }
    }
}
