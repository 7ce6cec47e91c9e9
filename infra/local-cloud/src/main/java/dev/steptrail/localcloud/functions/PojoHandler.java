package dev.steptrail.localcloud.functions;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * A handler of objects, which reads and writes JSON as the managed runtime does for it.
 *
 * @param input reads an event
 * @param output writes an answer
 */
@SuppressWarnings("try") // whatever a handler's close throws is caught where environments are closed
record PojoHandler(RequestHandler<Object, Object> handler, PojoSerializer<Object> input, PojoSerializer<Object> output)
        implements RequestStreamHandler, AutoCloseable {
    @Override
    public void handleRequest(InputStream event, OutputStream answer, Context context) {
        output.toJson(handler.handleRequest(input.fromJson(event), context), answer);
    }

    /** Closes the handler if it can be closed. */
    @Override
    public void close() throws Exception {
        if (handler instanceof AutoCloseable closeable) {
            closeable.close();
        }
    }
}
