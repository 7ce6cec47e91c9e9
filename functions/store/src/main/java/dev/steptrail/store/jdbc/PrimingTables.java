package dev.steptrail.store.jdbc;

/**
 * Empty temporary tables for the work of {@link Database#prime}, whose transaction is rolled back. They hide the real
 * tables, so priming can write to tables that the login may only read, such as {@code agents}, and takes no locks on the
 * real ones.
 */
public final class PrimingTables {
    /** Creates an empty temporary table for each table. Postgres finds temporary tables before others. */
    private static final String CREATE = """
            DO $$
            DECLARE
                hidden name;
            BEGIN
                FOR hidden IN
                    SELECT relname
                      FROM pg_class
                     WHERE relnamespace = current_schema()::regnamespace
                       AND relkind IN ('r', 'p')
                       AND NOT relispartition
                       AND has_table_privilege(oid, 'SELECT')
                LOOP
                    EXECUTE format('CREATE TEMPORARY TABLE %1$I (LIKE %2$I.%1$I INCLUDING ALL)', hidden, current_schema());
                END LOOP;
            END
            $$
            """;

    private PrimingTables() {}

    /** Creates a temporary table for each table that the login may read. */
    public static void create(Database database) {
        database.inTransaction(session -> session.sql(CREATE).update());
    }
}
