/** The commands that operate phones. */
@NullMarked
package dev.steptrail.cli.phone;

import org.jspecify.annotations.NullMarked;
