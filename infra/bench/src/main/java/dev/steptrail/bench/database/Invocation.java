package dev.steptrail.bench.database;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import java.lang.reflect.Proxy;

/** Creates invocation contexts with 60 s remaining. Log lines are discarded, but an error fails the benchmark. */
public final class Invocation {
    private static final LambdaLogger LOGGER = new LambdaLogger() {
        @Override
        public void log(String message, LogLevel level) {
            if (level.compareTo(LogLevel.ERROR) >= 0) {
                throw new IllegalStateException("the measured function failed: " + message.strip());
            }
        }

        @Override
        public void log(String message) {}

        @Override
        public void log(byte[] message) {}
    };

    private Invocation() {}

    public static Context context() {
        return (Context) Proxy.newProxyInstance(
                Invocation.class.getClassLoader(), new Class<?>[] {Context.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("getLogger")) {
                        return LOGGER;
                    }
                    Class<?> type = method.getReturnType();
                    return type == int.class ? 60_000 : type == String.class ? "bench" : null;
                });
    }
}
