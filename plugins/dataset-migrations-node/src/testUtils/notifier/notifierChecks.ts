import assert from 'node:assert/strict';
import { LoggerService } from '@backstage/backend-plugin-api';
import { Announcement } from '../../notifiers/types';
import { settled } from '../settles';
import { NotifierCheck, NotifierHarness } from './types';

const DEFAULT_PATIENCE_MS = 5_000;

/** Several at once: an outbox has more than one hand. */
const AT_ONCE = 20;

function announcement(number: number): Announcement {
  return {
    id: `conformance-${number}`,
    source: 'https://portal.example.com/dataset-migrations',
    type: 'dev.skein.dataset-migration.succeeded',
    subject: 'resource:default/flights',
    time: '2026-11-22T09:30:00Z',
    data: {
      migrationId: `migration-${number}`,
      fromVersion: '1.0.0',
      toVersion: '2.0.0',
      note: 'Grüße — "quoted" \\ and <marked>',
    },
  };
}

function collectLines(): { logger: LoggerService; lines: string[] } {
  const lines: string[] = [];
  const add = (...parts: unknown[]) => {
    lines.push(JSON.stringify(parts));
  };
  const logger: LoggerService = {
    error: add,
    warn: add,
    info: add,
    debug: add,
    child: () => logger,
  };
  return { logger, lines };
}

async function tell(
  { notifier }: NotifierHarness,
  number: number,
  options: { signal?: AbortSignal; logger?: LoggerService } = {},
) {
  await notifier.notify(announcement(number), {
    signal: options.signal ?? new AbortController().signal,
    logger: options.logger ?? collectLines().logger,
  });
}

const byId = (items: Announcement[]) =>
  [...items].sort((a, b) => (a.id < b.id ? -1 : 1));

/** Every check of the notifier conformance kit. @public */
export const notifierConformanceChecks: readonly NotifierCheck[] = [
  {
    name: 'tells what it was given, unchanged',
    async run(harness) {
      await tell(harness, 1);
      assert.deepEqual(await harness.received(), [announcement(1)]);
    },
  },
  {
    name: 'G7: tells every announcement, several at once too',
    async run(harness) {
      const numbers = Array.from({ length: AT_ONCE }, (_, index) => index);
      await Promise.all(numbers.map(number => tell(harness, number)));
      assert.deepEqual(
        byId(await harness.received()),
        byId(numbers.map(announcement)),
      );
    },
  },
  {
    name: 'G7: keeps the id when it tells the same again',
    async run(harness) {
      await tell(harness, 1);
      await tell(harness, 1);
      const ids = (await harness.received()).map(({ id }) => id);
      assert.deepEqual([...new Set(ids)], ['conformance-1']);
    },
  },
  {
    name: 'G7: throws when it was not heard, and is heard later',
    async run(harness) {
      await harness.setMood('refusing');
      const { logger, lines } = collectLines();
      const error = await tell(harness, 1, { logger }).then(
        () => undefined,
        reason => reason as Error,
      );
      assert.ok(error, 'a refusal was taken for a success');
      for (const secret of harness.secrets) {
        assert.ok(
          !`${error.message} ${lines}`.includes(secret),
          'an error or a log line shows a secret',
        );
      }
      await harness.setMood('well');
      await tell(harness, 1);
      assert.deepEqual(
        (await harness.received()).map(({ id }) => id),
        ['conformance-1'],
      );
    },
  },
  {
    name: 'G7: ends when it is aborted while nobody answers',
    async run(harness) {
      await harness.setMood('hanging');
      const controller = new AbortController();
      const call = tell(harness, 1, { signal: controller.signal });
      controller.abort(new Error('The kit aborted this'));
      const outcome = await settled(
        call,
        harness.patience ?? DEFAULT_PATIENCE_MS,
      );
      assert.equal(outcome?.status, 'rejected', 'it goes on after the abort');
    },
  },
];
