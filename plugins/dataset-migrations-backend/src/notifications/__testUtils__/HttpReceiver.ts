import {
  createServer,
  IncomingHttpHeaders,
  IncomingMessage,
  Server,
  ServerResponse,
} from 'node:http';
import { AddressInfo } from 'node:net';

/** A call that a receiver got. */
export interface Call {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
  /** The `webhook-id`: the same for every attempt at the same delivery. */
  id: string;
  /** Which attempt at this delivery it is, from 1. */
  attempt: number;
  /** Whether the receiver took it, whatever the caller heard of that. */
  taken: boolean;
}

/**
 * What a receiver does with a call whose body it has read. It says by the result
 * whether it has taken it.
 */
export type Behaviour = (
  call: Call,
  response: ServerResponse,
) => boolean | Promise<boolean>;

/** A real HTTP server on the loopback interface that remembers its calls, in order. */
export class HttpReceiver {
  readonly calls: Call[] = [];
  /** Calls that wait for their answer, now. */
  open = 0;
  private readonly attempts = new Map<string, number>();
  private server?: Server;
  private port = 0;

  constructor(private readonly behaviour: Behaviour) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const server = createServer((request, response) => {
      this.open++;
      response.on('close', () => this.open--);
      // Who is cut off in the middle of a call has nothing to answer.
      this.answer(request, response).catch(() => response.destroy());
    });
    await new Promise<void>(done =>
      server.listen(this.port, '127.0.0.1', done),
    );
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  /** Listens no more; its address stays its own, as nothing else is given it. */
  async stop(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (server) {
      server.closeAllConnections();
      await new Promise(done => server.close(done));
    }
  }

  private async answer(
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    let body = '';
    for await (const chunk of request) {
      body += chunk;
    }
    const id = String(request.headers['webhook-id']);
    const attempt = (this.attempts.get(id) ?? 0) + 1;
    this.attempts.set(id, attempt);
    const { headers, url } = request;
    const call: Call = {
      path: url!,
      headers,
      body,
      id,
      attempt,
      taken: false,
    };
    this.calls.push(call);
    call.taken = await this.behaviour(call, response);
  }
}

/** Answers with a status, and takes the call if that is a success. */
export function answers(status: number): Behaviour {
  return (_call, response) => {
    response.writeHead(status).end();
    return status < 300;
  };
}

/** Answers as another one does, and lets some calls wait until it is released. */
export class Gate {
  private open = () => {};
  private readonly opened = new Promise<void>(resolve => {
    this.open = resolve;
  });

  release(): void {
    this.open();
  }

  /** @param which - of the calls, by their number from 0; all where not given */
  before(
    behaviour: Behaviour,
    which: (n: number) => boolean = () => true,
  ): Behaviour {
    let n = 0;
    return async (call, response) => {
      if (which(n++)) {
        await this.opened;
      }
      return behaviour(call, response);
    };
  }
}
