package dev.steptrail.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.steptrail.store.model.ShareLink;
import java.io.IOException;

/** A link to a task in JSON, without its token. */
final class ShareJson {
    private ShareJson() {}

    /** The fields alone, into an object that was begun. */
    static void fields(JsonGenerator json, ShareLink share) throws IOException {
        Json.number(json, "share_id", share.id());
        Json.text(json, "created_by", share.createdBy());
        Json.time(json, "created_at", share.createdAt());
        Json.time(json, "expires_at", share.expiresAt());
        Json.time(json, "revoked_at", share.revokedAt());
        Json.flag(json, "include_sensitive", share.includeSensitive());
    }
}
