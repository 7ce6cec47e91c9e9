package dev.steptrail.shipper;

/** Delivery to an embedded ElasticMQ and S3Proxy. */
class DeliveryIT extends DeliveryContract {}
