package dev.steptrail.bench.coldstart;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Answers at once without a look at its event: the least that the runtime can start. */
public final class TrivialStreamHandler implements RequestStreamHandler {
    @Override
    public void handleRequest(InputStream event, OutputStream answer, Context context) throws IOException {
        answer.write("{\"statusCode\":200}".getBytes(StandardCharsets.UTF_8));
    }
}
