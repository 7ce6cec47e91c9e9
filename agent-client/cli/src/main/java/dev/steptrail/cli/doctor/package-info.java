/** Checks of this machine: whether it can record, ship, and operate phones. */
@NullMarked
package dev.steptrail.cli.doctor;

import org.jspecify.annotations.NullMarked;
