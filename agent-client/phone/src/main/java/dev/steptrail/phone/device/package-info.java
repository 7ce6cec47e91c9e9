/** Operates a phone: screenshots, input and apps, independent of how the phone is connected. */
@NullMarked
package dev.steptrail.phone.device;

import org.jspecify.annotations.NullMarked;
