import { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';

export interface SnsSettings {
  topicArn: string;
  region: string;
  endpoint?: string;
}

const KEY = 'datasetMigrations.notifications.sns';

/** `arn:<partition>:sns:<region>:<account>:<name>`, with the region as a group. */
const TOPIC =
  /^arn:aws[a-z-]*:sns:([a-z0-9-]+):\d{12}:[\w-]{1,256}(?:\.fifo)?$/;

/**
 * Reads `datasetMigrations.notifications.sns`.
 *
 * @returns undefined where it is not configured
 * @throws InputError naming key and value
 */
export function readSettings(config: Config): SnsSettings | undefined {
  const sns = config.getOptionalConfig(KEY);
  if (!sns) {
    return undefined;
  }
  const topicArn = sns.getString('topicArn');
  const [, region] = TOPIC.exec(topicArn) ?? [];
  if (region === undefined) {
    throw new InputError(
      `${KEY}.topicArn must be the ARN of an SNS topic, not '${topicArn}'`,
    );
  }
  const endpoint = sns.getOptionalString('endpoint');
  if (endpoint !== undefined && !/^https?:$/.test(protocolOf(endpoint))) {
    throw new InputError(
      `${KEY}.endpoint must be an HTTP address, not '${endpoint}'`,
    );
  }
  return {
    topicArn,
    region: sns.getOptionalString('region') ?? region,
    endpoint,
  };
}

function protocolOf(address: string): string {
  return URL.canParse(address) ? new URL(address).protocol : '';
}
