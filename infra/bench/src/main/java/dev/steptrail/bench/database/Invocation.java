package dev.steptrail.bench.database;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import java.nio.charset.StandardCharsets;

/** An invocation with a minute left. What a function logs is made and forgotten; an error ends the benchmark. */
public final class Invocation implements Context, LambdaLogger {
    @Override
    public void log(String message, LogLevel level) {
        if (level.compareTo(LogLevel.ERROR) >= 0) {
            throw new IllegalStateException("a function that is measured failed: " + message.strip());
        }
    }

    @Override
    public void log(byte[] message, LogLevel level) {
        log(new String(message, StandardCharsets.UTF_8), level);
    }

    @Override
    public void log(String message) {
        // Lambda's part, which no benchmark measures.
    }

    @Override
    public void log(byte[] message) {
        log(new String(message, StandardCharsets.UTF_8));
    }

    @Override
    public LambdaLogger getLogger() {
        return this;
    }

    @Override
    public int getRemainingTimeInMillis() {
        return 60_000;
    }

    @Override
    public String getAwsRequestId() {
        return "bench";
    }

    @Override
    public String getLogGroupName() {
        return "";
    }

    @Override
    public String getLogStreamName() {
        return "";
    }

    @Override
    public String getFunctionName() {
        return "bench";
    }

    @Override
    public String getFunctionVersion() {
        return "1";
    }

    @Override
    public String getInvokedFunctionArn() {
        return "";
    }

    @Override
    public CognitoIdentity getIdentity() {
        throw new UnsupportedOperationException("no function asks for it");
    }

    @Override
    public ClientContext getClientContext() {
        throw new UnsupportedOperationException("no function asks for it");
    }

    @Override
    public int getMemoryLimitInMB() {
        return 512;
    }
}
