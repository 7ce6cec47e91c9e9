package dev.steptrail.store;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** A Lambda context with a fixed remaining time, which records the log. */
public final class TestContext implements Context, LambdaLogger {
    private final Duration remaining;
    private final StringBuffer logged = new StringBuffer();

    public TestContext() {
        this(Duration.ofMinutes(1));
    }

    public TestContext(Duration remaining) {
        this.remaining = remaining;
    }

    /** Returns the log so far. */
    public String logged() {
        return logged.toString();
    }

    /** Returns the metric lines of the log, which are JSON. */
    public List<String> metricLines() {
        return logged().lines().filter(line -> line.startsWith("{\"_aws\":")).toList();
    }

    @Override
    public void log(String message) {
        logged.append(message);
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
        return (int) remaining.toMillis();
    }

    @Override
    public String getAwsRequestId() {
        return "request-1";
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
        return "function";
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
