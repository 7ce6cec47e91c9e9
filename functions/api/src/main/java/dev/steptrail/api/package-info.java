/**
 * The HTTP API. {@link dev.steptrail.api.ApiHandler} passes a request to the {@code Router}, which finds the route and
 * the caller. If the route is about a task, the router also loads the task and checks access. A handler in the table of
 * {@code Routes} then responds.
 */
package dev.steptrail.api;
