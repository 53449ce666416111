import { once } from 'events';
import { createServer, IncomingMessage, Server, ServerResponse } from 'http';
import { AddressInfo } from 'net';
import {
  Campaign,
  campaignDatasetStates,
  ConsumersResponse,
  DatasetMigrationsClient,
  Migration,
  PlanResponse,
} from '@skein/backstage-plugin-dataset-migrations-common';

/** A request as the backend has seen it. */
export interface SeenRequest {
  /** `POST /migrations` */
  route: string;
  /** Who asked: what the token says. */
  caller: string;
  idempotencyKey?: string;
  body?: any;
}

/** What a look at a migration finds, or the HTTP status that it fails with. */
export type Look = Partial<Migration> | number;

/** The same of a campaign. */
export type CampaignLook = Partial<Campaign> | number;

/**
 * An HTTP server that speaks the API of the backend. What the looks at a
 * migration find, one after the other, is written in a script; the last one
 * stays.
 */
export class FakeBackend {
  readonly requests: SeenRequest[] = [];
  plan?: PlanResponse;
  consumers?: ConsumersResponse;
  /** Message of the 409 that a start is answered with. */
  conflict?: string;
  /** Called before a request is answered. */
  onRequest: (request: SeenRequest) => void = () => {};
  private readonly server: Server;
  private readonly scripts: Look[][] = [];
  private readonly migrations: Array<{ key?: string; looks: Look[] }> = [];
  private readonly campaignScripts: CampaignLook[][] = [];
  private readonly campaigns: Array<{ key?: string; looks: CampaignLook[] }> =
    [];

  private constructor() {
    this.server = createServer((request, response) => {
      this.answer(request, response);
    });
  }

  static async start(): Promise<FakeBackend> {
    const backend = new FakeBackend();
    backend.server.listen(0, '127.0.0.1');
    await once(backend.server, 'listening');
    return backend;
  }

  /** Looks at the migrations that will be started, in the order of their starts. */
  willRun(...looks: Look[]): void {
    this.scripts.push(looks);
  }

  /** Looks at the campaigns that will be created, in that order. */
  willCampaign(...looks: CampaignLook[]): void {
    this.campaignScripts.push(looks);
  }

  routes(): string[] {
    return this.requests.map(({ route }) => route);
  }

  api(): DatasetMigrationsClient {
    const { port } = this.server.address() as AddressInfo;
    return new DatasetMigrationsClient({
      discoveryApi: { getBaseUrl: async () => `http://127.0.0.1:${port}` },
    });
  }

  async stop(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }

  private async answer(request: IncomingMessage, response: ServerResponse) {
    const { pathname } = new URL(request.url!, 'http://localhost');
    const text = Buffer.concat(await request.toArray()).toString();
    const seen: SeenRequest = {
      route: `${request.method} ${pathname}`,
      caller: request.headers.authorization ?? '',
      idempotencyKey: request.headers['idempotency-key'] as string | undefined,
      body: text ? JSON.parse(text) : undefined,
    };
    this.requests.push(seen);
    this.onRequest(seen);
    const { status, body } = this.reply(seen);
    response
      .writeHead(status, { 'content-type': 'application/json' })
      .end(JSON.stringify(body));
  }

  private reply(request: SeenRequest): { status: number; body: unknown } {
    const [, id, verb] =
      request.route.match(/ \/migrations\/(\d+)(?:\/(\w+))?$/) ?? [];
    if (id) {
      return verb ? this.act(Number(id), verb) : this.look(Number(id));
    }
    if (request.route.includes(' /campaigns')) {
      return this.replyOnCampaign(request);
    }
    if (request.route === 'POST /migrations') {
      return this.begin(request);
    }
    if (request.route.endsWith('/plan') && this.plan) {
      return { status: 200, body: this.plan };
    }
    if (request.route.endsWith('/consumers') && this.consumers) {
      return { status: 200, body: this.consumers };
    }
    return failure(404, 'NotFoundError', `No dataset at ${request.route}`);
  }

  private begin({ idempotencyKey }: SeenRequest) {
    if (this.conflict) {
      return failure(409, 'ConflictError', this.conflict);
    }
    const known = this.migrations.findIndex(
      ({ key }) => key === idempotencyKey,
    );
    if (known >= 0) {
      return { status: 202, body: aMigration({ id: String(known) }) };
    }
    const looks = this.scripts[this.migrations.length] ?? [{}];
    this.migrations.push({ key: idempotencyKey, looks });
    const id = String(this.migrations.length - 1);
    return { status: 202, body: aMigration({ id }) };
  }

  private look(index: number) {
    const { looks } = this.migrations[index];
    const look = looks.length > 1 ? looks.shift()! : looks[0];
    return typeof look === 'number'
      ? failure(look, 'Error', `Failed with ${look}`)
      : { status: 200, body: aMigration({ id: String(index), ...look }) };
  }

  private replyOnCampaign({ route, idempotencyKey }: SeenRequest) {
    const [, id, verb] =
      route.match(/ \/campaigns\/(\d+)(?:\/([\w-]+))?$/) ?? [];
    if (verb) {
      const state = verb === 'cancel' ? 'cancelling' : 'running';
      return { status: 202, body: aCampaign({ id, state }) };
    }
    if (id) {
      const { looks } = this.campaigns[Number(id)];
      const look = looks.length > 1 ? looks.shift()! : looks[0];
      return typeof look === 'number'
        ? failure(look, 'Error', `Failed with ${look}`)
        : { status: 200, body: aCampaign({ id, ...look }) };
    }
    let index = this.campaigns.findIndex(({ key }) => key === idempotencyKey);
    if (index < 0) {
      const looks = this.campaignScripts[this.campaigns.length] ?? [{}];
      index = this.campaigns.push({ key: idempotencyKey, looks }) - 1;
    }
    return { status: 202, body: aCampaign({ id: String(index) }) };
  }

  private act(index: number, verb: string) {
    const state = verb === 'cancel' ? 'cancelling' : 'queued';
    return { status: 200, body: aMigration({ id: String(index), state }) };
  }
}

function failure(status: number, name: string, message: string) {
  return {
    status,
    body: { error: { name, message }, response: { statusCode: status } },
  };
}

/** A migration that has just been queued, with whatever is given. */
export function aMigration(over: Partial<Migration> = {}): Migration {
  return {
    id: '0',
    datasetRef: 'resource:default/flights',
    fromVersion: '1.0.0',
    toVersion: '2.0.0',
    policy: 'switch',
    state: 'queued',
    startedBy: 'user:default/mock',
    createdAt: '2026-01-01T00:00:00.000Z',
    stages: [],
    steps: [],
    changes: [],
    consumers: [],
    actions: [],
    ...over,
  };
}

/** A campaign that has just been created, with whatever is given. */
export function aCampaign(over: Partial<Campaign> = {}): Campaign {
  return {
    id: '0',
    title: 'All to 2.x',
    state: 'planning',
    createdBy: 'user:default/mock',
    createdAt: '2026-01-01T00:00:00.000Z',
    total: 0,
    selection: {},
    policy: 'switch',
    limits: { batchSize: 100, maxInFlight: 1000 },
    windows: [],
    autoStart: false,
    actions: [],
    events: [],
    ...over,
    counts: {
      ...(Object.fromEntries(
        campaignDatasetStates.map(state => [state, 0]),
      ) as Campaign['counts']),
      ...over.counts,
    },
  };
}
