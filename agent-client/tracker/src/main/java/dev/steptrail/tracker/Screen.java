package dev.steptrail.tracker;

/**
 * What a phone shows.
 *
 * @param png the picture; to be left alone once it was given
 * @param sensitive whether it may show what only its owner should see
 */
@SuppressWarnings("ArrayRecordComponent") // a megabyte is handed on, not copied and not compared
public record Screen(byte[] png, boolean sensitive) {}
