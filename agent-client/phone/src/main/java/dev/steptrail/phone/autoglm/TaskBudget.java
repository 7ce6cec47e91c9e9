package dev.steptrail.phone.autoglm;

import dev.steptrail.stepformat.Usage;
import dev.steptrail.tracker.Decision;
import dev.steptrail.tracker.TaskEndException;
import java.math.BigDecimal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a task may consume, and what it has consumed. The time starts with the budget. Not thread-safe. */
final class TaskBudget {
    private final Limits limits;
    private final @Nullable TokenPrice price;
    private final long startNanos = System.nanoTime();
    private Consumption consumption;

    TaskBudget(Limits limits, @Nullable TokenPrice price) {
        this.limits = limits;
        this.price = price;
        this.consumption = Consumption.none(price);
    }

    Consumption consumption() {
        return consumption;
    }

    /** Adds the tokens of a reply; null if the server does not report them. */
    void add(@Nullable Usage usage) {
        consumption = consumption.plus(usage, price);
    }

    /** Ends the task if a limit of time, tokens or cost is reached. */
    void check() throws TaskEndException {
        checkTime(null, null);
        BigDecimal cost = consumption.cost();
        if (limits.tokens() != null && consumption.tokens() >= limits.tokens()) {
            throw RunOutcome.TOKEN_LIMIT.toException(
                    "not finished after " + consumption.tokens() + " tokens; the limit is " + limits.tokens(), null);
        } else if (limits.cost() != null && cost != null && price != null && cost.compareTo(limits.cost()) >= 0) {
            String currency = price.currency() + " ";
            throw RunOutcome.COST_LIMIT.toException(
                    "not finished at a cost of " + currency + plain(cost) + "; the limit is " + currency
                            + plain(limits.cost()),
                    null);
        }
    }

    /**
     * Ends the task if its limit of time is reached.
     *
     * @param cause what failed because of it
     * @param reply what is known of the model's reply
     */
    void checkTime(@Nullable Throwable cause, @Nullable Decision reply) throws TaskEndException {
        Duration limit = limits.time();
        if (limit != null && elapsed().compareTo(limit) >= 0) {
            throw RunOutcome.TIME_LIMIT.toException(
                    "not finished within the time limit of " + plain(BigDecimal.valueOf(limit.toMillis(), 3)) + " s",
                    cause,
                    reply);
        }
    }

    /** Ends the task if tokens or cost are limited, and the server has not reported the tokens of each reply. */
    void requireReportedTokens(Decision reply) throws TaskEndException {
        if (!consumption.complete() && (limits.tokens() != null || limits.cost() != null)) {
            RunOutcome outcome = limits.tokens() != null ? RunOutcome.TOKEN_LIMIT : RunOutcome.COST_LIMIT;
            throw outcome.toException(
                    "the limit of tokens or cost cannot be checked, because the model's server does not report tokens",
                    null,
                    reply);
        }
    }

    /** Returns the time until the limit, from zero to {@code max}. */
    Duration remaining(Duration max) {
        if (limits.time() == null) {
            return max;
        }
        Duration remaining = limits.time().minus(elapsed());
        return remaining.isNegative() ? Duration.ZERO : remaining.compareTo(max) < 0 ? remaining : max;
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }

    private static String plain(BigDecimal amount) {
        return amount.stripTrailingZeros().toPlainString();
    }
}
