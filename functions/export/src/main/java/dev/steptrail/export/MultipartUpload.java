package dev.steptrail.export;

import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/** Writes an object in parts. {@link #complete} creates the object; closing the stream earlier aborts the upload. */
final class MultipartUpload extends OutputStream {
    /** Bytes per part. S3 allows 10,000 parts, so an object has at most 80 GB; the minimum per part is 5 MiB. */
    private static final int PART_SIZE = 8 * 1024 * 1024;

    private final S3Client client;
    private final String bucket;
    private final String key;
    private final String contentType;
    private final String disposition;
    private final byte[] buffer = new byte[PART_SIZE];
    private final List<CompletedPart> parts = new ArrayList<>();
    private int bufferedBytes;
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
        int written = 0;
        while (written < length) {
            if (bufferedBytes == PART_SIZE) {
                uploadPart();
            }
            int count = Math.min(PART_SIZE - bufferedBytes, length - written);
            System.arraycopy(bytes, offset + written, buffer, bufferedBytes, count);
            bufferedBytes += count;
            written += count;
        }
    }

    private void uploadPart() {
        String id = uploadId != null ? uploadId : createUpload();
        int number = parts.size() + 1;
        String tag = client.uploadPart(
                        request -> request.bucket(bucket).key(key).uploadId(id).partNumber(number), bufferedPart())
                .eTag();
        parts.add(CompletedPart.builder().partNumber(number).eTag(tag).build());
        bufferedBytes = 0;
    }

    private String createUpload() {
        String id = client.createMultipartUpload(request ->
                        request.bucket(bucket).key(key).contentType(contentType).contentDisposition(disposition))
                .uploadId();
        uploadId = id;
        return id;
    }

    private RequestBody bufferedPart() {
        return RequestBody.fromByteBuffer(ByteBuffer.wrap(buffer, 0, bufferedBytes));
    }

    /** Creates the object from all written bytes. */
    void complete() {
        String id = uploadId;
        if (id == null) {
            client.putObject(
                    request -> request.bucket(bucket)
                            .key(key)
                            .contentType(contentType)
                            .contentDisposition(disposition),
                    bufferedPart());
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
