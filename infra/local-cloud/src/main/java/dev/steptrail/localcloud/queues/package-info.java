/** SQS by ElasticMQ, and the pollers that feed functions from it. */
@NullMarked
package dev.steptrail.localcloud.queues;

import org.jspecify.annotations.NullMarked;
