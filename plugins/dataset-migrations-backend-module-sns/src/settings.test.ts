import { ConfigReader } from '@backstage/config';
import { readSettings } from './settings';

const read = (sns?: object) =>
  readSettings(
    new ConfigReader({ datasetMigrations: { notifications: { sns } } }),
  );

const topicArn = 'arn:aws:sns:eu-north-1:123456789012:migrations.fifo';

describe('readSettings', () => {
  it('is nothing where nothing is configured', () => {
    expect(read()).toBeUndefined();
  });

  it('takes the region from the topic, unless it is told another', () => {
    expect(read({ topicArn })).toEqual({ topicArn, region: 'eu-north-1' });
    expect(
      read({
        topicArn,
        region: 'eu-west-1',
        endpoint: 'http://localhost:4566',
      }),
    ).toEqual({
      topicArn,
      region: 'eu-west-1',
      endpoint: 'http://localhost:4566',
    });
    expect(
      read({ topicArn: 'arn:aws-cn:sns:cn-north-1:123456789012:t' })?.region,
    ).toBe('cn-north-1');
  });

  it.each([
    [{}, "Missing required config value at 'datasetMigrations"],
    [
      { topicArn: 'arn:aws:sqs:eu-north-1:123456789012:queue' },
      "sns.topicArn must be the ARN of an SNS topic, not 'arn:aws:sqs",
    ],
    [
      { topicArn, endpoint: 'localhost' },
      "sns.endpoint must be an HTTP address, not 'localhost'",
    ],
  ])('refuses %j', (sns, message) => {
    expect(() => read(sns)).toThrow(message);
  });
});
