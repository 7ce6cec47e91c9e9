/** Rows of the schema as records, and their mapping from result sets and JSON. Depends only on {@code jdbc}. */
package dev.steptrail.store.model;
