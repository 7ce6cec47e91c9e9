package dev.steptrail.localcloud.functions;

import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Writes a function's log lines to the logger that has the function's id as its name. The default level is INFO. */
record FunctionLog(Logger logger) implements LambdaLogger {
    FunctionLog(String functionId) {
        this(LoggerFactory.getLogger(functionId));
    }

    @Override
    public void log(String message) {
        log(message, LogLevel.INFO);
    }

    @Override
    public void log(byte[] message) {
        log(message, LogLevel.INFO);
    }

    @Override
    public void log(byte[] message, LogLevel level) {
        log(new String(message, StandardCharsets.UTF_8), level);
    }

    @Override
    public void log(String message, LogLevel level) {
        Level slf4j =
                switch (level) {
                    case UNDEFINED -> Level.INFO;
                    case FATAL -> Level.ERROR;
                    default -> Level.valueOf(level.name());
                };
        logger.atLevel(slf4j).log("{}", message.strip());
    }
}
