import { createServer } from 'http';
import { AddressInfo } from 'net';
import { Announcement, Notifier } from '../../notifiers/types';
import { notifierConformanceChecks } from './notifierChecks';
import { runNotifierConformance } from './runNotifierConformance';
import { NotifierHarness } from './types';

const SECRET = 'a-key-that-nobody-may-see';

/** Posts announcements as JSON; made wrong by the test of the kit. */
const poster = (url: string): Notifier => ({
  id: 'poster',
  async notify(announcement, { signal }) {
    const response = await fetch(url, {
      method: 'POST',
      headers: { authorization: SECRET },
      body: JSON.stringify(announcement),
      signal,
    });
    if (!response.ok) {
      throw new Error(`The receiver answered ${response.status}`);
    }
  },
});

async function createHarness(
  make: (url: string) => Notifier = poster,
): Promise<NotifierHarness> {
  const received: Announcement[] = [];
  let mood: 'well' | 'refusing' | 'hanging' = 'well';
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) {
      body += part;
    }
    if (mood === 'well') {
      received.push(JSON.parse(body));
      response.end();
    } else if (mood === 'refusing') {
      response.writeHead(503).end();
    }
  });
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    notifier: make(`http://127.0.0.1:${port}`),
    received: async () => received,
    setMood: async given => {
      mood = given;
    },
    secrets: [SECRET],
    patience: 200,
    async dispose() {
      server.closeAllConnections();
      await new Promise(resolve => {
        server.close(resolve);
      });
    },
  };
}

runNotifierConformance({ createHarness });

const wrapped =
  (notify: (inner: Notifier['notify']) => Notifier['notify']) =>
  (url: string): Notifier => ({
    id: 'broken',
    notify: notify(poster(url).notify),
  });

const broken: Record<string, (url: string) => Notifier> = {
  'tells nothing': wrapped(() => async () => {}),
  'changes what it tells': wrapped(
    notify => (announcement, options) =>
      notify({ ...announcement, data: {} }, options),
  ),
  'makes a new id each time': wrapped(
    notify => (announcement, options) =>
      notify({ ...announcement, id: `${Math.random()}` }, options),
  ),
  'swallows refusals': wrapped(
    notify => (announcement, options) =>
      notify(announcement, options).catch(() => {}),
  ),
  'shows its key': wrapped(notify => async (announcement, options) => {
    await notify(announcement, options).catch(() => {
      throw new Error(`Refused for ${SECRET}`);
    });
  }),
  'does not listen to aborts': wrapped(
    notify => (announcement, options) =>
      notify(announcement, {
        ...options,
        signal: new AbortController().signal,
      }),
  ),
};

describe('a notifier that', () => {
  it.each(Object.entries(broken))('%s does not pass', async (_name, make) => {
    const outcomes = [];
    for (const check of notifierConformanceChecks) {
      const harness = await createHarness(make);
      outcomes.push(
        await check.run(harness).then(
          () => 'passed',
          () => 'failed',
        ),
      );
      await harness.dispose();
    }
    expect(outcomes).toContain('failed');
  });
});
