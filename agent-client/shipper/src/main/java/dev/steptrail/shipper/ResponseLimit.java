package dev.steptrail.shipper;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.Abortable;

/**
 * Limits response bodies to 1 MiB. The SDK reads a whole body into memory, so a server at a misconfigured endpoint
 * could otherwise exhaust the memory of an agent.
 */
final class ResponseLimit implements ExecutionInterceptor {
    private static final int MAX_BYTES = 1024 * 1024;

    @Override
    public Optional<InputStream> modifyHttpResponseContent(
            Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
        return context.responseBody().map(ResponseLimit::read);
    }

    private static InputStream read(InputStream body) {
        try (body) {
            byte[] bytes = body.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                if (body instanceof Abortable connection) {
                    connection.abort(); // closing it would read the rest
                }
                throw new IOException("the response has more than " + MAX_BYTES + " bytes");
            }
            return new ByteArrayInputStream(bytes);
        } catch (IOException e) {
            throw SdkClientException.create(e.getMessage(), e);
        }
    }
}
