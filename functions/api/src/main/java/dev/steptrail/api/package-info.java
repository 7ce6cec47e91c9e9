/**
 * The HTTP API: a request comes through {@link dev.steptrail.api.ApiHandler} to the {@code Router}, which finds the route,
 * the caller and, where the route is about a task, the task if it is the caller's; then the handler in the table of {@code Routes} answers.
 */
package dev.steptrail.api;
