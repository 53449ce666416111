import { JsonObject } from '@backstage/types';
import {
  Consumer,
  ConsumerVerdict,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { MigrationRecord } from '../database/MigrationRecord';
import { announcementEvent } from './announcements';
import { AnnouncementKind, announcementKinds } from './types';
import { MAX_EVENT_BYTES } from './withinSize';

const board: Consumer = {
  entityRef: 'component:default/board',
  source: 'declared',
};

function eventOf(
  kind: AnnouncementKind,
  more: Partial<MigrationRecord> = {},
): JsonObject & { data: JsonObject } {
  const migration = {
    id: 'm1',
    datasetRef: 'resource:default/flights',
    fromVersion: '1.0.0',
    toVersion: '2.0.0',
    policy: 'switch',
    state: 'running',
    plan: { changes: [] },
    ...more,
  } as unknown as MigrationRecord;
  return announcementEvent({
    id: 'd1',
    kind,
    migration,
    consumer: board,
    portalUrl: 'https://portal.test',
  }) as JsonObject & { data: JsonObject };
}

const change = (n: number) => ({
  from: `field_${n}`,
  to: `${'long_name_'.repeat(10)}${n}`,
  effect: 'breaking',
  summary: `Field field_${n} was renamed`,
});

describe('announcementEvent', () => {
  it.each(announcementKinds)('says in words what %s means', kind => {
    const { type, subject, data } = eventOf(kind);
    expect(type).toBe(`dev.skein.dataset-migration.${kind}`);
    expect(subject).toBe('resource:default/flights');
    expect(data.title).toContain('resource:default/flights');
    expect(String(data.summary).length).toBeGreaterThan(10);
    expect(data.url).toBe(
      'https://portal.test/dataset-migrations/migrations/m1',
    );
  });

  it('says until when consumers are asked, and what stays until when', () => {
    const deadline = new Date('2026-12-24T12:00:00Z');
    const retirement = new Date('2027-01-31T12:00:00Z');
    const { data } = eventOf('dates-set', { deadline, retirement });
    expect(data).toMatchObject({
      summary:
        'Consumers are asked to be ready for 2.0.0 by 2026-12-24T12:00:00.000Z; 1.0.0 does not retire before 2027-01-31T12:00:00.000Z',
      deadline: deadline.toISOString(),
      retirement: retirement.toISOString(),
    });
    expect(eventOf('dates-set').data.summary).toBe(
      'Consumers are asked to be ready for 2.0.0 by no particular day',
    );
  });

  it('says who accepted a change, why, and what it is otherwise', () => {
    const accepted = {
      by: 'user:default/amelia',
      reason: 'nobody reads it',
      at: '2026-11-29T12:00:00.000Z',
      was: 'breaking',
    };
    const changes = [
      {
        kind: 'field-dropped',
        rule: 'field-removed',
        from: 'delay',
        effect: 'risky',
        summary: 'dropped',
        accepted: { id: 'a1', ...accepted },
      },
      change(1),
    ];
    const { data } = eventOf('change-accepted', { plan: { changes } } as any);
    expect(data.summary).toBe(
      'It keeps nobody from going on any more: `delay` dropped (accepted by user:default/amelia: nobody reads it)',
    );
    expect(data.changes).toEqual([
      expect.objectContaining({ from: 'delay', effect: 'risky', accepted }),
      change(1),
    ]);
  });

  it('keeps every change of a contract of an ordinary size', () => {
    const changes = Array.from({ length: 100 }, (_, n) => change(n));
    const { data } = eventOf('announced', { plan: { changes } } as any);
    expect(data.changes).toEqual(changes);
    expect(data).not.toHaveProperty('changesOmitted');
  });

  it('is never larger than receivers must take, and says what it left out', () => {
    const changes = Array.from({ length: 5_000 }, (_, n) => change(n));
    const verdicts = [
      {
        consumer: board,
        verdict: 'breaks',
        blocking: true,
        reasons: changes.map(({ from }) => `reads ${from}, which was renamed`),
      },
    ];
    const event = eventOf('blocked', { plan: { changes }, verdicts } as any);
    expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThanOrEqual(
      MAX_EVENT_BYTES,
    );
    const { data } = event;
    const kept = data.changes as JsonObject[];
    expect(kept).toEqual(changes.slice(0, kept.length));
    expect(kept.length).toBeGreaterThan(100);
    expect(data.changesOmitted).toBe(5_000 - kept.length);
    const told = data.consumer as { reasons: string[]; reasonsOmitted: number };
    expect(told.reasons.length + told.reasonsOmitted).toBe(5_000);
  });

  it('names some of thousands of consumers that would break', () => {
    const verdicts = Array.from({ length: 5_000 }, (_, n) => ({
      consumer: { entityRef: `component:default/c${n}` },
      blocking: true,
      reasons: [],
    }));
    const { data } = eventOf('blocked', { verdicts } as any);
    expect(data.summary).toBe(
      'Consumers would break: component:default/c0; component:default/c1; component:default/c2; component:default/c3; component:default/c4; and 4995 more',
    );
  });

  it.each<[AnnouncementKind, string, string]>([
    [
      'announced',
      'resource:default/flights is to be migrated to 2.0.0, which touches 2 of your consumers',
      'Version 1.0.0 will be replaced by 2.0.0: component:default/board reads `a`, dropped, reads `b`, dropped, reads `c`, dropped, and 1 more; component:default/report reads `a`, dropped',
    ],
    [
      'blocked',
      'Migration of resource:default/flights to 2.0.0 waits for 2 of your consumers',
      'component:default/board reads `a`, dropped, reads `b`, dropped, reads `c`, dropped, and 1 more; component:default/report reads `a`, dropped. Say that they are ready, change or declare what they read, or ask for more time, until 2026-12-24T12:00:00.000Z. 3 consumers of others would break, too',
    ],
  ])(
    'tells the owner of consumers, when it is %s, which of theirs, why, and what to do',
    (kind, title, summary) => {
      const theirs = ['board', 'report'].map(
        (name, i): ConsumerVerdict => ({
          consumer: {
            entityRef: `component:default/${name}`,
            source: 'declared',
            owner: 'group:default/apps',
          },
          verdict: 'breaks',
          blocking: true,
          reasons: (i === 0 ? ['a', 'b', 'c', 'd'] : ['a']).map(
            field => `reads \`${field}\`, dropped`,
          ),
          touchedBy: [],
        }),
      );
      const { data } = announcementEvent({
        id: 'd1',
        kind,
        migration: {
          id: 'm1',
          datasetRef: 'resource:default/flights',
          fromVersion: '1.0.0',
          toVersion: '2.0.0',
          plan: { changes: [] },
          deadline: new Date('2026-12-24T12:00:00Z'),
        } as unknown as MigrationRecord,
        touched: { theirs, others: 3 },
      });
      expect(data).toMatchObject({
        title,
        summary,
        link: '/dataset-migrations/migrations/m1?owner=group%3Adefault%2Fapps',
      });
    },
  );

  it('cuts the text of an error that does not end', () => {
    const error = { name: 'InputError', message: 'no '.repeat(50_000) };
    const event = eventOf('failed', { error });
    expect(JSON.stringify(event).length).toBeLessThan(MAX_EVENT_BYTES);
    expect(event.data.summary).toMatch(/…$/);
  });

  it('cuts no character in two', () => {
    for (const before of [1_998, 1_999, 2_000]) {
      const message = `${'x'.repeat(before)}${'😀'.repeat(10)}`;
      const { summary } = eventOf('failed', {
        error: { name: 'InputError', message },
      }).data;
      expect(summary).toMatch(/^x+(😀)*…$/u);
    }
  });
});
