import { SNSClient } from '@aws-sdk/client-sns';
import { Config } from '@backstage/config';
import { DefaultAwsCredentialsManager } from '@backstage/integration-aws-node';
import { SnsSettings } from './settings';

/**
 * A client of the service at the topic's region. Its credentials are those that
 * `aws` configures for the topic's account; without `aws` the SDK looks for them.
 *
 * @throws Error when `aws` has no credentials for the account of the topic
 */
export async function createClient(
  config: Config,
  { topicArn, region, endpoint }: SnsSettings,
): Promise<SNSClient> {
  const account = config.has('aws')
    ? await DefaultAwsCredentialsManager.fromConfig(
        config,
      ).getCredentialProvider({ arn: topicArn })
    : undefined;
  return new SNSClient({
    region,
    endpoint,
    credentials: account?.sdkCredentialProvider,
    // The outbox tries again, so that each attempt is seen.
    maxAttempts: 1,
  });
}
