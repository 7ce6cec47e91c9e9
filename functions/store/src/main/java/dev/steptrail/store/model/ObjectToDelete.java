package dev.steptrail.store.model;

/**
 * What is to go from the bucket.
 *
 * @param key an S3 key, or what keys begin with
 * @param isPrefix whether all objects are meant whose keys begin so, those too that come until it is carried out
 */
public record ObjectToDelete(String key, boolean isPrefix) {}
