package dev.steptrail.localcloud.template;

import java.time.Instant;

/**
 * The times at which EventBridge calls a function.
 *
 * @see <a href="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html">Schedule
 *     expressions</a>
 */
@FunctionalInterface
public interface Schedule {
    /** The first time after this one. */
    Instant next(Instant after);

    /**
     * Reads {@code rate(…)} or {@code cron(…)}.
     *
     * @throws TemplateException when it is neither, or says what the local cloud does not know
     */
    static Schedule parse(String expression) {
        if (expression.startsWith("rate(") && expression.endsWith(")")) {
            return Rate.parse(expression.substring(5, expression.length() - 1));
        }
        if (expression.startsWith("cron(") && expression.endsWith(")")) {
            return Cron.parse(expression.substring(5, expression.length() - 1));
        }
        throw new TemplateException("neither rate(…) nor cron(…): " + expression);
    }
}
