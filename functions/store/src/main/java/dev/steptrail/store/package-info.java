/**
 * All SQL of Steptrail. A class asks Postgres one question; {@link dev.steptrail.store.Database} holds the connection;
 * nobody outside this package sees {@code java.sql}.
 */
package dev.steptrail.store;
