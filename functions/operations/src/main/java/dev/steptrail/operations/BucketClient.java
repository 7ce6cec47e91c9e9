package dev.steptrail.operations;

import dev.steptrail.aws.AwsClients;
import dev.steptrail.aws.Settings;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Reads, writes, lists and deletes objects. Throws the SDK's exceptions after its retries. Thread-safe. */
final class BucketClient implements AutoCloseable {
    /** The maximum number of keys per request; see DeleteObjects in the S3 API reference. */
    private static final int MAX_BATCH_SIZE = 1000;

    /** Characters that XML cannot contain. Keys with them would make a batch request invalid. */
    private static final Pattern INVALID_IN_XML = Pattern.compile("[\\x00-\\x1F\\uFFFE\\uFFFF]");

    private final S3Client client;
    private final String bucket;

    /**
     * @param settings {@code STEPTRAIL_BUCKET} and those of {@link AwsClients}
     * @throws IllegalArgumentException if a setting is missing or invalid; the message names it
     */
    BucketClient(Settings settings) {
        bucket = settings.required("STEPTRAIL_BUCKET");
        client = new AwsClients(settings).s3();
    }

    /** Stores a file. An existing object is replaced. */
    void put(String key, Path file, String contentType) {
        client.putObject(
                request -> request.bucket(bucket).key(key).contentType(contentType), RequestBody.fromFile(file));
    }

    /** Opens an object as a stream that the caller must close; empty if the object does not exist. */
    Optional<InputStream> open(String key) {
        try {
            return Optional.of(
                    client.getObject(request -> request.bucket(bucket).key(key)));
        } catch (NoSuchKeyException e) {
            return Optional.empty();
        }
    }

    /**
     * Lists the objects whose keys start with a prefix, in the order of their keys. Pages are requested lazily.
     *
     * @param after the key after which the list starts, which need not exist; null to start with the first object
     */
    Stream<S3Object> list(String prefix, @Nullable String after) {
        return client
                .listObjectsV2Paginator(request -> request.bucket(bucket)
                        .prefix(prefix)
                        .startAfter(after)
                        .encodingType(EncodingType.URL)) // keys may contain characters that XML cannot
                .contents()
                .stream();
    }

    /** Receives the key of each object that was not deleted, with S3's error code, such as {@code AccessDenied}. */
    interface DeleteFailureListener {
        void onFailure(String key, String code);
    }

    /**
     * Deletes objects. Ignores objects that do not exist, and continues if an object cannot be deleted.
     *
     * @return the number of deleted objects
     */
    long delete(Stream<String> keys, DeleteFailureListener listener) {
        long deleted = 0;
        List<String> batch = new ArrayList<>(MAX_BATCH_SIZE);
        for (Iterator<String> all = keys.iterator(); all.hasNext(); ) {
            String key = all.next();
            if (INVALID_IN_XML.matcher(key).find()) {
                deleted += deleteSingle(key, listener);
            } else {
                batch.add(key);
            }
            if (batch.size() == MAX_BATCH_SIZE) {
                deleted += deleteBatch(batch, listener);
                batch.clear();
            }
        }
        return batch.isEmpty() ? deleted : deleted + deleteBatch(batch, listener);
    }

    private long deleteSingle(String key, DeleteFailureListener listener) {
        try {
            client.deleteObject(request -> request.bucket(bucket).key(key));
            return 1;
        } catch (S3Exception e) {
            if (e.statusCode() >= 500) {
                throw e;
            }
            listener.onFailure(key, String.valueOf(e.statusCode()));
            return 0;
        }
    }

    private long deleteBatch(Collection<String> keys, DeleteFailureListener listener) {
        List<ObjectIdentifier> objects = keys.stream()
                .map(key -> ObjectIdentifier.builder().key(key).build())
                .toList();
        DeleteObjectsResponse response = client.deleteObjects(request ->
                request.bucket(bucket).delete(delete -> delete.objects(objects).quiet(true)));
        response.errors().forEach(error -> listener.onFailure(error.key(), error.code()));
        return (long) keys.size() - response.errors().size();
    }

    @Override
    public void close() {
        client.close();
    }
}
