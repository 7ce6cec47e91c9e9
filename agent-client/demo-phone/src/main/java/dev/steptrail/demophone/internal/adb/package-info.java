/** The device's side of adb: messages, streams and services over TCP. */
@NullMarked
package dev.steptrail.demophone.internal.adb;

import org.jspecify.annotations.NullMarked;
