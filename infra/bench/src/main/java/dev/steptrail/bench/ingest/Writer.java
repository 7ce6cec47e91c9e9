package dev.steptrail.bench.ingest;

import java.sql.SQLException;

/** Who writes batches, with a connection of its own; all of a batch is committed, or nothing. */
interface Writer extends AutoCloseable {
    /** A batch in the form that the writer takes. */
    interface Prepared {
        void write() throws SQLException;
    }

    /** Makes ready what is not to be measured. */
    Prepared prepare(Batch batch) throws SQLException;

    @Override
    void close() throws SQLException;
}
