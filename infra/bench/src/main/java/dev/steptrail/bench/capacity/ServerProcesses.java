package dev.steptrail.bench.capacity;

import dev.steptrail.bench.database.Postgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The processes of a Postgres, those of connections and those that write behind them, and what they have kept processors busy. */
final class ServerProcesses {
    private final List<ProcessHandle> processes;

    private ServerProcesses(List<ProcessHandle> processes) {
        this.processes = processes;
    }

    /** Those that are there now. */
    static ServerProcesses of(Postgres postgres) throws SQLException {
        List<ProcessHandle> processes = new ArrayList<>();
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery("SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()")) {
            while (rows.next()) {
                ProcessHandle.of(rows.getLong(1)).ifPresent(processes::add);
            }
        }
        return new ServerProcesses(processes);
    }

    /** In sum since they began; a process that has ended counts nothing. */
    Duration busy() {
        return processes.stream()
                .map(process -> process.info().totalCpuDuration().orElse(Duration.ZERO))
                .reduce(Duration.ZERO, Duration::plus);
    }
}
