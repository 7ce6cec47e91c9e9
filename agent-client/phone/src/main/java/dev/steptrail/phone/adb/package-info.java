/** Android phones that are connected to an adb server, or reached directly over TCP. */
@NullMarked
package dev.steptrail.phone.adb;

import org.jspecify.annotations.NullMarked;
