package dev.steptrail.localcloud.gateway;

import java.nio.ByteBuffer;
import java.util.AbstractMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connects Jetty with the {@link LambdaProxy}. Unauthorized requests are answered before their body is read. Bodies are read
 * asynchronously, so that slow clients occupy no thread.
 */
final class GatewayHandler extends Handler.Abstract {
    private static final Logger LOG = LoggerFactory.getLogger(GatewayHandler.class);
    private static final int MAX_BODY_BYTES = 10 * 1024 * 1024;

    /** Time limit for receiving a whole body. */
    private static final int BODY_SECONDS = 10;

    private final LambdaProxy proxy;
    private final ApiDocuments documents;
    private final SignInPaths signIn;
    private final Executor threads;

    GatewayHandler(LambdaProxy proxy, ApiDocuments documents, SignInPaths signIn, Executor threads) {
        this.proxy = proxy;
        this.documents = documents;
        this.signIn = signIn;
        this.threads = threads;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // every outcome is sent as a response
    public boolean handle(Request request, Response response, Callback callback) {
        Function<byte[], ProxyResponse> answers;
        try {
            HttpRequest asked = read(request);
            ProxyResponse document = documents.at(asked.path());
            if (document != null) {
                send(document, response, callback);
                return true;
            }
            answers = answers(asked);
        } catch (RejectedRequestException e) {
            send(e.answer(), response, callback);
            return true;
        }
        BodyReader.read(request, MAX_BODY_BYTES)
                .orTimeout(BODY_SECONDS, TimeUnit.SECONDS)
                .handleAsync((body, failure) -> failure == null ? answers.apply(body) : refusal(failure), threads)
                .thenAccept(answer -> send(answer, response, callback));
        return true;
    }

    /** Returns the function that answers the request once its body has arrived. */
    private Function<byte[], ProxyResponse> answers(HttpRequest asked) throws RejectedRequestException {
        if (signIn.has(asked)) {
            return body -> signIn.answer(asked, body);
        }
        LambdaProxy.Admitted admitted = proxy.admit(asked);
        return body -> answer(admitted, body);
    }

    private static HttpRequest read(Request request) throws RejectedRequestException {
        String query = Objects.requireNonNullElse(request.getHttpURI().getQuery(), "");
        try {
            return new HttpRequest(
                    request.getMethod(),
                    HttpRequest.decodePath(request.getHttpURI().getPath()),
                    query,
                    HttpRequest.decodeQuery(query),
                    headers(request.getHeaders()),
                    request.getConnectionMetaData().getProtocol(),
                    Request.getRemoteAddr(request));
        } catch (IllegalArgumentException e) {
            throw new RejectedRequestException(400, "Bad Request");
        }
    }

    private static List<Map.Entry<String, String>> headers(HttpFields fields) {
        return fields.stream()
                .<Map.Entry<String, String>>map(field -> new AbstractMap.SimpleImmutableEntry<>(
                        field.getName(), Objects.requireNonNullElse(field.getValue(), "")))
                .toList();
    }

    private ProxyResponse answer(LambdaProxy.Admitted admitted, byte[] body) {
        try {
            return proxy.answer(admitted, body);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ProxyResponse.message(503, "Service Unavailable");
        } catch (RuntimeException e) {
            LOG.error("{}: {}", admitted.match().route().key(), e.toString());
            return ProxyResponse.message(500, "Internal Server Error");
        }
    }

    /** The answer if reading the body failed: timeout, too large, or the client disconnected. */
    private static ProxyResponse refusal(Throwable failure) {
        if (failure instanceof TimeoutException) {
            return ProxyResponse.message(408, "Request Timeout");
        }
        return failure instanceof RejectedRequestException refused
                ? refused.answer()
                : ProxyResponse.message(400, "Bad Request");
    }

    private static void send(ProxyResponse answer, Response response, Callback callback) {
        response.setStatus(answer.status());
        answer.headers().forEach(header -> response.getHeaders().add(header.getKey(), header.getValue()));
        response.write(true, ByteBuffer.wrap(answer.body()), callback);
    }
}
