package dev.steptrail.export;

import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/** Writes an object in parts. It exists once {@link #complete} has returned; closing before that aborts it. */
final class MultipartUpload extends OutputStream {
    /** S3 allows 10,000 parts of at least 5 MiB, except for the last. */
    private static final int PART = 8 * 1024 * 1024;

    private final S3Client client;
    private final String bucket;
    private final String key;
    private final String contentType;
    private final String disposition;
    private final byte[] part = new byte[PART];
    private final List<CompletedPart> parts = new ArrayList<>();
    private int filled;
    private @Nullable String uploadId;

    MultipartUpload(S3Client client, String bucket, String key, String contentType, String disposition) {
        this.client = client;
        this.bucket = bucket;
        this.key = key;
        this.contentType = contentType;
        this.disposition = disposition;
    }

    @Override
    public void write(int octet) {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        int done = 0;
        while (done < length) {
            if (filled == PART) {
                uploadPart();
            }
            int count = Math.min(PART - filled, length - done);
            System.arraycopy(bytes, offset + done, part, filled, count);
            filled += count;
            done += count;
        }
    }

    private void uploadPart() {
        String id = uploadId != null ? uploadId : begin();
        int number = parts.size() + 1;
        String tag = client.uploadPart(
                        request -> request.bucket(bucket).key(key).uploadId(id).partNumber(number), filledPart())
                .eTag();
        parts.add(CompletedPart.builder().partNumber(number).eTag(tag).build());
        filled = 0;
    }

    private String begin() {
        String id = client.createMultipartUpload(request ->
                        request.bucket(bucket).key(key).contentType(contentType).contentDisposition(disposition))
                .uploadId();
        uploadId = id;
        return id;
    }

    private RequestBody filledPart() {
        return RequestBody.fromByteBuffer(ByteBuffer.wrap(part, 0, filled));
    }

    /** Creates the object from all bytes that were written. */
    void complete() {
        String id = uploadId;
        if (id == null) {
            client.putObject(
                    request -> request.bucket(bucket)
                            .key(key)
                            .contentType(contentType)
                            .contentDisposition(disposition),
                    filledPart());
            return;
        }
        uploadPart();
        client.completeMultipartUpload(
                request -> request.bucket(bucket).key(key).uploadId(id).multipartUpload(all -> all.parts(parts)));
        uploadId = null;
    }

    @Override
    public void close() {
        String id = uploadId;
        if (id != null) {
            uploadId = null;
            client.abortMultipartUpload(
                    request -> request.bucket(bucket).key(key).uploadId(id));
        }
    }
}
