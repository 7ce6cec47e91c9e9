package dev.steptrail.localcloud.functions;

import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A function's own lines, under its name; those without a level count as information. */
final class FunctionLog implements LambdaLogger {
    private final Logger logger;

    FunctionLog(String functionId) {
        this.logger = LoggerFactory.getLogger(functionId);
    }

    @Override
    public void log(String message) {
        log(message, LogLevel.UNDEFINED);
    }

    @Override
    public void log(byte[] message) {
        log(message, LogLevel.UNDEFINED);
    }

    @Override
    public void log(byte[] message, LogLevel level) {
        log(new String(message, StandardCharsets.UTF_8), level);
    }

    @Override
    public void log(String message, LogLevel level) {
        String line = message.strip();
        switch (level) {
            case TRACE -> logger.trace("{}", line);
            case DEBUG -> logger.debug("{}", line);
            case WARN -> logger.warn("{}", line);
            case ERROR, FATAL -> logger.error("{}", line);
            case INFO, UNDEFINED -> logger.info("{}", line);
        }
    }
}
