package dev.steptrail.shipper;

/** To an ElasticMQ and an S3Proxy of the test's own. */
class DeliveryIT extends DeliveryContract {}
