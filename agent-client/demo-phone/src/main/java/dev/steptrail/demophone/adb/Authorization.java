package dev.steptrail.demophone.adb;

/** What the phone does when a host connects. */
public enum Authorization {
    /** Connects every host without asking for a key. */
    OFF,
    /** Asks for a signature, then for the public key, and accepts any. Later signatures are accepted at once. */
    ACCEPT,
    /** Asks for a signature and for the public key, and never answers the key: the user does not allow the host. */
    REFUSE,
    /** Accepts the TCP connection, and answers nothing. */
    OFFLINE
}
