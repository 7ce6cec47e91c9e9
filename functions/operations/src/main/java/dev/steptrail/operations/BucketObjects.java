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

/** Reads, writes, lists and deletes the bucket's objects. Failures are thrown as the SDK's exceptions, after its retries. Thread-safe. */
final class BucketObjects implements AutoCloseable {
    /** As many as one request may name; see DeleteObjects in the S3 API reference. */
    private static final int MOST_AT_ONCE = 1000;

    /** A key with such a character, which a sender may well choose, would spoil a request that names keys in XML. */
    private static final Pattern NO_XML = Pattern.compile("[\\x00-\\x1F\\uFFFE\\uFFFF]");

    private final S3Client client;
    private final String bucket;

    /**
     * @param settings {@code STEPTRAIL_BUCKET} and those of {@link AwsClients}
     * @throws IllegalArgumentException naming the setting that is missing or wrong
     */
    BucketObjects(Settings settings) {
        bucket = settings.required("STEPTRAIL_BUCKET");
        client = new AwsClients(settings).s3();
    }

    /** Stores a file; an object that is there is replaced. */
    void put(String key, Path file, String contentType) {
        client.putObject(
                request -> request.bucket(bucket).key(key).contentType(contentType), RequestBody.fromFile(file));
    }

    /** The bytes of an object, to be closed; empty if there is none. */
    Optional<InputStream> open(String key) {
        try {
            return Optional.of(
                    client.getObject(request -> request.bucket(bucket).key(key)));
        } catch (NoSuchKeyException e) {
            return Optional.empty();
        }
    }

    /**
     * The objects whose keys begin so, in the order of their keys, asked for page by page.
     *
     * @param after the key after which to begin, whether or not it is there; null to begin at the first
     */
    Stream<S3Object> list(String prefix, @Nullable String after) {
        return client
                .listObjectsV2Paginator(request -> request.bucket(bucket)
                        .prefix(prefix)
                        .startAfter(after)
                        .encodingType(EncodingType.URL)) // a key may hold what XML cannot
                .contents()
                .stream();
    }

    /** Hears of an object that stays: its key, and S3's word for the reason, such as {@code AccessDenied}. */
    interface Refusals {
        void add(String key, String code);
    }

    /**
     * Deletes objects; one that is not there is no failure, and one that cannot be deleted keeps no other.
     *
     * @return how many
     */
    long delete(Stream<String> keys, Refusals refusals) {
        long deleted = 0;
        List<String> some = new ArrayList<>(MOST_AT_ONCE);
        for (Iterator<String> all = keys.iterator(); all.hasNext(); ) {
            String key = all.next();
            if (NO_XML.matcher(key).find()) {
                deleted += deleteAlone(key, refusals);
            } else {
                some.add(key);
            }
            if (some.size() == MOST_AT_ONCE) {
                deleted += deleteAtOnce(some, refusals);
                some.clear();
            }
        }
        return some.isEmpty() ? deleted : deleted + deleteAtOnce(some, refusals);
    }

    private long deleteAlone(String key, Refusals refusals) {
        try {
            client.deleteObject(request -> request.bucket(bucket).key(key));
            return 1;
        } catch (S3Exception e) {
            if (e.statusCode() >= 500) {
                throw e;
            }
            refusals.add(key, String.valueOf(e.statusCode()));
            return 0;
        }
    }

    private long deleteAtOnce(Collection<String> keys, Refusals refusals) {
        List<ObjectIdentifier> objects = keys.stream()
                .map(key -> ObjectIdentifier.builder().key(key).build())
                .toList();
        DeleteObjectsResponse answer = client.deleteObjects(request ->
                request.bucket(bucket).delete(delete -> delete.objects(objects).quiet(true)));
        answer.errors().forEach(error -> refusals.add(error.key(), error.code()));
        return (long) keys.size() - answer.errors().size();
    }

    @Override
    public void close() {
        client.close();
    }
}
