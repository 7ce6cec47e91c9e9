package dev.steptrail.bench.capacity;

/**
 * How long an invocation of the ingest function takes: its own part, and the database's, whose processors all invocations share.
 *
 * @param function the part that nobody else slows down
 * @param database the part that keeps one of the database's processors busy
 * @param processors how many the database has; a part of one counts
 */
record ServiceTime(Part function, Part database, double processors) {
    /** Microseconds for each batch, and for each message and each step in it. */
    record Part(double batch, double message, double step) {
        double micros(int messages, int steps) {
            return batch + message * messages + step * steps;
        }

        Part times(double factor) {
            return new Part(batch * factor, message * factor, step * factor);
        }
    }

    /** The same on a database of so many processors. */
    ServiceTime on(double otherProcessors) {
        return new ServiceTime(function, database, otherProcessors);
    }

    /**
     * Microseconds until a batch is committed.
     *
     * @param busy how many invocations there are at once, this one among them
     */
    long micros(int messages, int steps, int busy) {
        double slower = Math.max(1, busy / processors);
        return Math.max(1, Math.round(function.micros(messages, steps) + database.micros(messages, steps) * slower));
    }
}
