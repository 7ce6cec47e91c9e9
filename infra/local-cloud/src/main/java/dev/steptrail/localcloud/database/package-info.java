/** Postgres in a folder, which never outlives this process. */
@NullMarked
package dev.steptrail.localcloud.database;

import org.jspecify.annotations.NullMarked;
