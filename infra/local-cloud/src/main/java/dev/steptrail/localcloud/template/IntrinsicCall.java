package dev.steptrail.localcloud.template;

import org.jspecify.annotations.Nullable;

/** A call of an intrinsic function, by its full name ({@code Ref}, {@code Fn::Sub}), not yet resolved. */
record IntrinsicCall(String function, @Nullable Object argument) {}
