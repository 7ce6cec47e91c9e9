/** A real Postgres for benchmarks, and helpers that invoke functions on it. */
@NullMarked
package dev.steptrail.bench.database;

import org.jspecify.annotations.NullMarked;
