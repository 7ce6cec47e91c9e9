package dev.steptrail.localcloud.template;

/** A value that only the cloud has, such as a policy's ARN. */
final class CloudOnlyException extends TemplateException {
    CloudOnlyException(String message) {
        super(message);
    }
}
