package dev.steptrail.cli.api;

import java.io.IOException;

/** Provides the access token of API requests. */
public interface TokenSource {
    /**
     * Returns a token that has not expired. Called before each request.
     *
     * @throws IOException if there is none; the message is one line and says how to get one
     */
    String token() throws IOException;

    /** Returns what the token is called in error messages, such as {@code STEPTRAIL_TOKEN}. */
    String name();

    /**
     * Returns how to get another token.
     *
     * @param admin whether the user of the token must be an admin
     */
    String remedy(boolean admin);
}
