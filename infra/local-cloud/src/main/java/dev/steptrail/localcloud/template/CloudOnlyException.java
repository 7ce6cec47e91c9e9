package dev.steptrail.localcloud.template;

/** A value exists only in AWS, such as the ARN of a policy. */
final class CloudOnlyException extends TemplateException {
    CloudOnlyException(String message) {
        super(message);
    }
}
