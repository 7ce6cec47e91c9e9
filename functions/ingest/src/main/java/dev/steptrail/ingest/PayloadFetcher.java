package dev.steptrail.ingest;

import dev.steptrail.aws.BucketException;
import dev.steptrail.aws.BucketReader;
import dev.steptrail.aws.Log;
import dev.steptrail.stepformat.InvalidMessageException;
import dev.steptrail.stepformat.InvalidRecordException;
import dev.steptrail.stepformat.MessageRecord;
import dev.steptrail.stepformat.Payload;
import dev.steptrail.stepformat.PayloadCodec;
import dev.steptrail.stepformat.RecordCodec;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Fetches records that messages reference by an S3 key. The store later checks whether the sender may reference the
 * key, because that depends on the task's owner. Create one instance per invocation: if a request fails because the
 * bucket is unavailable, no further request is sent.
 */
final class PayloadFetcher {
    private final BucketReader bucket;
    private final Log log;
    private boolean unavailable;

    /**
     * A fetched record, or the reason why it is invalid.
     *
     * @param length the length of the record's JSON in bytes; 0 if it is invalid
     */
    record FetchedPayload(MessageRecord record, int length) {}

    PayloadFetcher(BucketReader bucket, Log log) {
        this.bucket = bucket;
        this.log = log;
    }

    /** Returns the referenced record, valid or invalid; empty if the bucket is temporarily unavailable. */
    Optional<FetchedPayload> fetch(MessageRecord.Claim claim) {
        if (unavailable) {
            return Optional.empty();
        }
        Payload payload = claim.payload();
        try {
            // Reads one byte more than declared, to detect an object that is too long.
            Optional<byte[]> object = bucket.read(payload.path(), payload.fileSize() + 1);
            return Optional.of(
                    object.isPresent()
                            ? decode(claim, object.get())
                            : invalid(claim, "payload.path: the object does not exist"));
        } catch (BucketException e) {
            log.error(
                    "bucket_unavailable",
                    Map.of(
                            "reason",
                            String.valueOf(e.getMessage()),
                            "task_ids",
                            Stream.ofNullable(claim.taskId()).toList()));
            unavailable = true;
            return Optional.empty();
        }
    }

    private static FetchedPayload decode(MessageRecord.Claim claim, byte[] object) {
        try {
            byte[] json = PayloadCodec.decompress(claim.payload(), object);
            return new FetchedPayload(new MessageRecord.Valid(RecordCodec.decode(json), claim.payload()), json.length);
        } catch (InvalidMessageException e) {
            return invalid(claim, e.reason());
        } catch (InvalidRecordException e) {
            return invalid(claim, e.reason());
        }
    }

    private static FetchedPayload invalid(MessageRecord.Claim claim, String reason) {
        return new FetchedPayload(
                new MessageRecord.Invalid(reason, new String(claim.json(), StandardCharsets.UTF_8)), 0);
    }
}
