package dev.steptrail.shipper;

import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sts.StsClient;

/** Asks STS who the credentials belong to. GetCallerIdentity needs no permission. */
final class CallerIdentity {
    private CallerIdentity() {}

    /**
     * Returns the {@code aws:userid} of the credentials.
     *
     * @throws ShipException if STS cannot be reached, refuses, or answers with something that is not a user id
     */
    static String userId(AwsClients clients) throws ShipException {
        try (StsClient sts = clients.sts()) {
            String id = clients.interruptibly(sts::getCallerIdentity).userId();
            if (id == null || !ShipperSettings.isUserId(id)) {
                throw AwsErrors.ofIdentity(AwsErrors.notAws("STS"));
            }
            return id;
        } catch (SdkException e) {
            throw AwsErrors.ofIdentity(e);
        }
    }
}
