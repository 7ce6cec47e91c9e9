/** How much the cloud side takes, what it does when its database is away, and what it costs. */
@NullMarked
package dev.steptrail.bench.capacity;

import org.jspecify.annotations.NullMarked;
