/** Runs an agent on a phone. */
@NullMarked
package dev.steptrail.cli.phone.run;

import org.jspecify.annotations.NullMarked;
