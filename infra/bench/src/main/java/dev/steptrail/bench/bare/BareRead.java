package dev.steptrail.bench.bare;

import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;

/** One read: its statements, one after the other, fetched to the last row. They end with their connection. */
public final class BareRead implements Callable<Integer> {
    private final List<BareStatement> statements;

    BareRead(BareStatement... statements) {
        this.statements = List.of(statements);
    }

    /**
     * Reads.
     *
     * @throws IllegalStateException if one of them finds nothing: then it is no read of what the other side reads
     */
    @Override
    public Integer call() throws SQLException {
        int values = 0;
        for (BareStatement statement : statements) {
            int found = statement.execute();
            if (found == 0) {
                throw new IllegalStateException("a bare statement finds nothing");
            }
            values += found;
        }
        return values;
    }
}
