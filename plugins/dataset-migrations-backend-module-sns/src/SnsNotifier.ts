import {
  MessageAttributeValue,
  PublishCommand,
  SNSClient,
} from '@aws-sdk/client-sns';
import {
  Announcement,
  Notifier,
} from '@skein/backstage-plugin-dataset-migrations-node';
import { createHash } from 'node:crypto';

/** Characters that SNS takes for a group. */
const MAX_GROUP = 128;

/**
 * Publishes announcements on a topic: the message is the CloudEvent as JSON, what
 * subscribers filter by are its attributes. On a FIFO topic the events of a dataset
 * are a group, and the id of the event tells one that is sent twice.
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
    { signal }: { signal: AbortSignal },
  ): Promise<void> {
    const { client, topicArn } = this.options;
    const { id, source, type, subject, time, data } = announcement;
    const inOrder = topicArn.endsWith('.fifo') && {
      MessageGroupId: groupOf(subject),
      MessageDeduplicationId: id,
    };
    await client.send(
      new PublishCommand({
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
      }),
      { abortSignal: signal },
    );
  }
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
