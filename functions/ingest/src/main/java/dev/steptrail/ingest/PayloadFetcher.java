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
 * Fetches records that messages only name. Whether its sender may name it is for the store to judge, which knows the task's
 * owner. For one invocation: once the bucket is not available, it is asked no more.
 */
final class PayloadFetcher {
    private final BucketReader bucket;
    private final Log log;
    private boolean gone;

    /**
     * A record that was fetched, or what is wrong with it.
     *
     * @param length of its JSON in bytes; 0 where nothing was decoded
     */
    record Fetched(MessageRecord record, int length) {}

    PayloadFetcher(BucketReader bucket, Log log) {
        this.bucket = bucket;
        this.log = log;
    }

    /** The record that is claimed, good or bad; empty if the bucket is not available now. */
    Optional<Fetched> fetch(MessageRecord.Claim claim) {
        if (gone) {
            return Optional.empty();
        }
        Payload payload = claim.payload();
        try {
            // One byte more tells an object that is too long.
            Optional<byte[]> object = bucket.read(payload.path(), payload.fileSize() + 1);
            return Optional.of(
                    object.isPresent()
                            ? decode(claim, object.get())
                            : bad(claim, "payload.path: there is no such object"));
        } catch (BucketException e) {
            log.error(
                    "bucket_unavailable",
                    Map.of(
                            "reason",
                            String.valueOf(e.getMessage()),
                            "task_ids",
                            Stream.ofNullable(claim.taskId()).toList()));
            gone = true;
            return Optional.empty();
        }
    }

    private static Fetched decode(MessageRecord.Claim claim, byte[] object) {
        try {
            byte[] json = PayloadCodec.json(claim.payload(), object);
            return new Fetched(new MessageRecord.Valid(RecordCodec.decode(json), claim.payload()), json.length);
        } catch (InvalidMessageException e) {
            return bad(claim, e.reason());
        } catch (InvalidRecordException e) {
            return bad(claim, e.reason());
        }
    }

    private static Fetched bad(MessageRecord.Claim claim, String reason) {
        return new Fetched(new MessageRecord.Invalid(reason, new String(claim.json(), StandardCharsets.UTF_8)), 0);
    }
}
