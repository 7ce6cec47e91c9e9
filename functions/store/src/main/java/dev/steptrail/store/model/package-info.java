/** Rows of the schema as records, and their mapping from result sets and JSON. Uses nothing but {@code jdbc}. */
package dev.steptrail.store.model;
