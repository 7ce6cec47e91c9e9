/** A real Postgres for benchmarks, and what calls functions on it. */
@NullMarked
package dev.steptrail.bench.database;

import org.jspecify.annotations.NullMarked;
