/** What it takes to put a record on the disk. */
@NullMarked
package dev.steptrail.bench.outbox;

import org.jspecify.annotations.NullMarked;
