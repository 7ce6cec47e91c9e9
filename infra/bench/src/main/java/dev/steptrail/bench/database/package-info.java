/** Benchmarks of functions with a Postgres server. */
@NullMarked
package dev.steptrail.bench.database;

import org.jspecify.annotations.NullMarked;
