package dev.steptrail.localcloud.template;

/** A bucket (AWS::S3::Bucket). */
public record Bucket(String name) {}
