/** What it takes to get steps from the queue into Postgres. */
@NullMarked
package dev.steptrail.bench.ingest;

import org.jspecify.annotations.NullMarked;
