import { randomUUID } from 'node:crypto';
import { createServer, IncomingMessage, ServerResponse } from 'node:http';
import { AddressInfo } from 'node:net';
import { verifySignature } from './verifySignature';

const NAMESPACE = 'http://sns.amazonaws.com/doc/2010-03-31/';

/** A message as subscribers of a topic get it. */
export interface Published {
  message: string;
  attributes: Record<string, string>;
  group?: string;
}

/**
 * A server that speaks the query protocol of SNS, as far as `Publish` goes: it wants
 * signed requests, and of FIFO topics a group and an id, by which it knows messages
 * that come again.
 */
export class SnsEndpoint {
  readonly published: Published[] = [];
  mood: 'well' | 'refusing' | 'forbidding' | 'hanging' = 'well';
  private readonly ids = new Set<string>();
  private readonly server = createServer((request, response) => {
    this.answer(request, response).catch(() => response.destroy());
  });

  constructor(
    private readonly options: {
      topicArn: string;
      accessKeyId: string;
      secretAccessKey: string;
    },
  ) {}

  async start(): Promise<string> {
    await new Promise<void>(done => {
      this.server.listen(0, '127.0.0.1', done);
    });
    const { port } = this.server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise(done => {
      this.server.close(done);
    });
  }

  private async answer(
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    let body = '';
    for await (const part of request) {
      body += part;
    }
    if (this.mood === 'hanging') {
      return;
    }
    const refusal = this.refusalOf(request, body);
    if (refusal) {
      const [status, code, message] = refusal;
      respond(
        response,
        status,
        `<ErrorResponse xmlns="${NAMESPACE}"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>${randomUUID()}</RequestId></ErrorResponse>`,
      );
      return;
    }
    this.publish(new URLSearchParams(body));
    respond(
      response,
      200,
      `<PublishResponse xmlns="${NAMESPACE}"><PublishResult><MessageId>${randomUUID()}</MessageId></PublishResult><ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata></PublishResponse>`,
    );
  }

  private refusalOf(
    { headers }: IncomingMessage,
    body: string,
  ): [number, string, string] | undefined {
    const { topicArn } = this.options;
    const request = new URLSearchParams(body);
    if (!verifySignature({ headers, body, ...this.options })) {
      return [403, 'SignatureDoesNotMatch', 'The signature is wrong'];
    }
    if (body.includes('unfit-for-sns')) {
      return [400, 'InvalidParameter', `It is too long for ${topicArn}`];
    }
    if (this.mood === 'forbidding') {
      return [
        403,
        'AuthorizationError',
        `User: arn:aws:iam::123456789012:user/ci is not authorized to perform: SNS:Publish on resource: ${topicArn}`,
      ];
    }
    if (this.mood === 'refusing') {
      return [503, 'ServiceUnavailable', 'Not now'];
    }
    if (request.get('Action') !== 'Publish') {
      return [400, 'InvalidAction', 'There is no such action'];
    }
    if (request.get('TopicArn') !== topicArn) {
      return [404, 'NotFound', 'Topic does not exist'];
    }
    const ordered = ['MessageGroupId', 'MessageDeduplicationId'].filter(name =>
      request.has(name),
    );
    if (ordered.length !== (topicArn.endsWith('.fifo') ? 2 : 0)) {
      return [400, 'InvalidParameter', 'It does not fit the kind of topic'];
    }
    return undefined;
  }

  private publish(request: URLSearchParams): void {
    const id = request.get('MessageDeduplicationId');
    if (id !== null && this.ids.has(id)) {
      return;
    }
    if (id !== null) {
      this.ids.add(id);
    }
    const attributes: Record<string, string> = {};
    for (let n = 1; request.has(`MessageAttributes.entry.${n}.Name`); n++) {
      const entry = `MessageAttributes.entry.${n}`;
      attributes[request.get(`${entry}.Name`)!] = request.get(
        `${entry}.Value.StringValue`,
      )!;
    }
    this.published.push({
      message: request.get('Message')!,
      attributes,
      group: request.get('MessageGroupId') ?? undefined,
    });
  }
}

function respond(response: ServerResponse, status: number, xml: string): void {
  response.writeHead(status, { 'content-type': 'text/xml' }).end(xml);
}
