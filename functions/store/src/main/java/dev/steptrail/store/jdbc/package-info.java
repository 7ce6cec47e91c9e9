/** The connection to Postgres, its login and the handling of its errors. No other package opens a connection. */
package dev.steptrail.store.jdbc;
