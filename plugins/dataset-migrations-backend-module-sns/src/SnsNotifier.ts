import {
  MessageAttributeValue,
  PublishCommand,
  SNSClient,
} from '@aws-sdk/client-sns';
import {
  Announcement,
  Notifier,
  UndeliverableError,
} from '@skein/backstage-plugin-dataset-migrations-node';
import { createHash } from 'node:crypto';

/** Errors about this very message; others may be mended for all of them. */
const OF_THE_MESSAGE = [
  'InvalidParameter',
  'InvalidParameterException',
  'InvalidParameterValue',
  'InvalidParameterValueException',
  'ValidationError',
  'ValidationException',
];

/** Characters that SNS takes for a group. */
const MAX_GROUP = 128;

/**
 * Publishes announcements on a topic: the message is the CloudEvent as JSON, what
 * subscribers filter by are its attributes. On a FIFO topic the events of a dataset
 * are a group, and the id of the event tells one that is sent twice; one that a person
 * has sent again is published again.
 */
export class SnsNotifier implements Notifier {
  readonly id = 'sns';

  constructor(
    private readonly options: {
      client: Pick<SNSClient, 'send'>;
      topicArn: string;
    },
  ) {}

  async notify(
    announcement: Announcement,
    { signal, redelivery = 0 }: { signal: AbortSignal; redelivery?: number },
  ): Promise<void> {
    const { client, topicArn } = this.options;
    const { id, source, type, subject, time, data } = announcement;
    const inOrder = topicArn.endsWith('.fifo') && {
      MessageGroupId: groupOf(subject),
      MessageDeduplicationId: redelivery > 0 ? `${id}-${redelivery}` : id,
    };
    const command = new PublishCommand({
      TopicArn: topicArn,
      Message: JSON.stringify({
        specversion: '1.0',
        id,
        source,
        type,
        subject,
        time,
        datacontenttype: 'application/json',
        data,
      }),
      MessageAttributes: {
        id: text(id),
        source: text(source),
        type: text(type),
        subject: text(subject),
      },
      ...inOrder,
    });
    try {
      await client.send(command, { abortSignal: signal });
    } catch (error) {
      throw toFailure(error as Error);
    }
  }
}

/**
 * What went wrong, with the status of the answer and without ARNs: they name
 * accounts, roles and users.
 */
function toFailure(
  error: Error & { $metadata?: { httpStatusCode?: number } },
): Error {
  const { name } = error;
  const status = error.$metadata?.httpStatusCode;
  const message = error.message.replace(/\barn:[^\s,'"]+/g, 'arn:…');
  return OF_THE_MESSAGE.includes(name)
    ? new UndeliverableError(`${name}: ${message}`, status)
    : Object.assign(new Error(message), { name, status });
}

function text(value: string): MessageAttributeValue {
  return { DataType: 'String', StringValue: value };
}

/** The dataset, or its hash where the name is longer than a group may be. */
function groupOf(subject: string): string {
  return subject.length <= MAX_GROUP
    ? subject
    : createHash('sha256').update(subject).digest('hex');
}
