package dev.steptrail.store.model;

import java.sql.ResultSet;
import java.sql.SQLException;

/** The columns of a share link, but for the hash of its token. */
public final class ShareColumns {
    public static final String ALL = "id, created_by, created_at, expires_at, revoked_at, include_sensitive";

    private ShareColumns() {}

    public static ShareLink share(ResultSet row) throws SQLException {
        return new ShareLink(
                row.getLong("id"),
                row.getString("created_by"),
                StepColumns.requiredTime(row, "created_at"),
                StepColumns.requiredTime(row, "expires_at"),
                StepColumns.time(row, "revoked_at"),
                row.getBoolean("include_sensitive"));
    }
}
