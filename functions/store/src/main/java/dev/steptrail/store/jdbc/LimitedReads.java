package dev.steptrail.store.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * A connection whose queries Postgres itself gives up when their time is over, whatever became of who asked. Each query takes its
 * limit along, in the same round trip, and for its own transaction, so that nothing of it stays in the session. It limits what
 * {@code prepareStatement(sql).executeQuery()} reads, and nothing else.
 */
final class LimitedReads {
    /** What is asked of the interface, by itself. */
    private interface Answer {
        Object to(Method method, Object[] arguments) throws Throwable;
    }

    private LimitedReads() {}

    /** @param timeLeft asked at each query; a query for which none is left is not sent */
    static Connection of(Connection connection, Supplier<Duration> timeLeft) {
        return proxy(Connection.class, connection, "prepareStatement", (method, arguments) -> {
            PreparedStatement statement = connection.prepareStatement(limit(timeLeft.get()) + arguments[0]);
            return proxy(PreparedStatement.class, statement, "executeQuery", (query, none) -> rows(statement));
        });
    }

    /**
     * A number and no parameter, so that the query's own parameters keep theirs; in whole seconds, begun ones too, so that the driver
     * meets the same text again, which it has taken apart before.
     */
    private static String limit(Duration left) throws SQLException {
        if (left.toMillis() <= 0) {
            throw new SQLException("no time is left", "57014");
        }
        return "SELECT set_config('statement_timeout', '" + left.plusMillis(999).toSeconds() + "s', true);\n";
    }

    /** Of the second statement: the first one's answer is its limit. */
    private static ResultSet rows(PreparedStatement statement) throws SQLException {
        statement.execute();
        statement.getMoreResults();
        return statement.getResultSet();
    }

    private static <T> T proxy(Class<T> type, T real, String own, Answer answer) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (it, method, arguments) -> {
                    if (method.getName().equals(own)) {
                        return answer.to(method, arguments);
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
