/** An HTTP API in front of the functions, with API Gateway's events, responses and limits. */
@NullMarked
package dev.steptrail.localcloud.gateway;

import org.jspecify.annotations.NullMarked;
