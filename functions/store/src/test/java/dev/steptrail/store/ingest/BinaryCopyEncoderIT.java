package dev.steptrail.store.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.Session;
import dev.steptrail.store.jdbc.Sql;
import dev.steptrail.store.model.JsonColumn;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.time.api.DateTimes;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** Copied rows are read back unchanged. */
class BinaryCopyEncoderIT {
    private static final Database DATABASE = TestDatabase.empty().database();

    record Row(
            UUID uuid,
            int number,
            @Nullable Long large,
            @Nullable Boolean flag,
            @Nullable Instant time,
            @Nullable String text,
            @Nullable String json) {}

    @Property(tries = 100)
    void copiedRows_areReadBackUnchanged(@ForAll("rows") List<Row> rows) {
        BinaryCopyEncoder copied = new BinaryCopyEncoder();
        rows.forEach(row -> copied.beginRow(7)
                .uuid(row.uuid())
                .integer(row.number())
                .bigint(row.large())
                .bool(row.flag())
                .timestamptz(row.time())
                .text(row.text())
                .text(row.json()));
        copied.endRows();

        assertThat(DATABASE.<List<Row>>inTransaction(session -> copiedAndRead(session, copied)))
                .isEqualTo(rows);
        assertThat(copied.length()).isZero();
    }

    @Provide
    Arbitrary<List<Row>> rows() {
        Arbitrary<String> texts = Arbitraries.strings()
                .ofMaxLength(300)
                // The decoder replaces characters that Postgres cannot store.
                .map(text ->
                        new String(text.replace("\0", "").getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
        Arbitrary<Instant> times = DateTimes.instants()
                .between(Instant.parse("0001-01-01T00:00:00Z"), Instant.parse("9999-12-31T23:59:59Z"));
        return Combinators.combine(
                        Arbitraries.create(UUID::randomUUID),
                        Arbitraries.integers(),
                        Arbitraries.longs().injectNull(0.2),
                        Arbitraries.of(true, false).injectNull(0.2),
                        times.injectNull(0.2),
                        texts.injectNull(0.2),
                        texts.map(JsonColumn::write).injectNull(0.2))
                .as(Row::new)
                .list()
                .ofMaxSize(30);
    }

    private static List<Row> copiedAndRead(Session session, BinaryCopyEncoder rows) throws SQLException {
        try (Statement statement = session.connection().createStatement()) {
            statement.execute(
                    "CREATE TEMPORARY TABLE copied (place integer GENERATED ALWAYS AS IDENTITY, a uuid, b integer,"
                            + " c bigint, d boolean, e timestamptz, f text, g json) ON COMMIT DROP");
            CopyIn copy = session.connection()
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("COPY copied (a, b, c, d, e, f, g) FROM STDIN (FORMAT binary)");
            rows.sendTo(copy);
            copy.endCopy();
            List<Row> read = new ArrayList<>();
            try (ResultSet found = statement.executeQuery("SELECT * FROM copied ORDER BY place")) {
                while (found.next()) {
                    read.add(new Row(
                            found.getObject("a", UUID.class),
                            found.getInt("b"),
                            found.getObject("c", Long.class),
                            found.getObject("d", Boolean.class),
                            Sql.time(found, "e"),
                            found.getString("f"),
                            found.getString("g")));
                }
            }
            return read;
        }
    }
}
