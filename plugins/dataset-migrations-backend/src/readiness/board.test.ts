import {
  ConsumerVerdict,
  Verdict,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { MigrationRecord } from '../database/MigrationRecord';
import { boardEntries, boardPage, filterBoard } from './board';
import { boardCsv } from './boardCsv';

const record = {
  state: 'blocked',
  toVersion: '2.0.0',
  deadline: new Date('2026-12-24T00:00:00Z'),
} as MigrationRecord;

function judged(
  name: string,
  verdict: Verdict,
  more: Partial<Omit<ConsumerVerdict, 'consumer'>> & {
    consumer?: Partial<ConsumerVerdict['consumer']>;
  } = {},
): ConsumerVerdict {
  return {
    verdict,
    blocking: verdict !== 'ready',
    reasons: [],
    touchedBy: [],
    ...more,
    consumer: {
      entityRef: `component:default/${name}`,
      source: 'declared',
      owner: 'group:default/apps',
      ...more.consumer,
    },
  };
}

const answer = {
  by: 'user:default/bessie',
  at: '2026-11-28T10:00:00.000Z',
};

const names = (entries: ConsumerVerdict[]) =>
  entries.map(({ consumer }) => consumer.entityRef.split('/')[1]);

describe('the board', () => {
  const verdicts = [
    judged('ready', 'ready', { consumer: { constraint: '>=1' } }),
    judged('raises', 'ready', { consumer: { constraint: '^1.0.0' } }),
    judged('acknowledged', 'ready', {
      consumer: { constraint: '^1.0.0' },
      answer: { kind: 'ready', ...answer },
    }),
    judged('breaks', 'breaks', { consumer: { title: 'The Radar' } }),
    judged('later', 'breaks', {
      answer: { kind: 'ready', date: '2026-12-10T00:00:00.000Z', ...answer },
    }),
    judged('asks', 'unknown', {
      consumer: { owner: 'group:default/geo' },
      answer: {
        kind: 'more-time',
        date: '2027-01-10T00:00:00.000Z',
        reason: 'x',
        ...answer,
      },
    }),
    judged('broken', 'breaks'),
  ];
  const overridden = {
    ...record,
    override: {
      by: 'user:default/amelia',
      reason: 'they agreed',
      at: answer.at,
      consumers: ['component:default/broken'],
    },
  };

  it('says what is asked of whom until when, who stands in the way first', () => {
    expect(
      boardEntries(overridden, verdicts).map(entry => [
        entry.consumer.entityRef.split('/')[1],
        entry.asked,
        entry.until?.slice(0, 10),
      ]),
    ).toEqual([
      ['asks', 'declare', '2026-12-24'],
      ['breaks', 'adapt', '2026-12-24'],
      ['later', 'adapt', '2026-12-10'],
      ['raises', 'raise-version', '2026-12-24'],
      ['acknowledged', 'nothing', undefined],
      ['broken', 'nothing', undefined],
      ['ready', 'nothing', undefined],
    ]);
  });

  it('asks nothing of a system that only follows, before a prerelease', () => {
    const follows = judged('follows', 'ready', {
      consumer: { constraint: '*', fields: [] },
    });
    const [{ asked }] = boardEntries({ ...record, toVersion: '2.0.0-rc.1' }, [
      follows,
    ]);
    expect(asked).toBe('nothing');
  });

  it('asks nothing once all is over', () => {
    const over = { ...record, state: 'succeeded' } as MigrationRecord;
    expect(
      boardEntries(over, verdicts).every(({ asked }) => asked === 'nothing'),
    ).toBe(true);
  });

  it('filters', () => {
    const entries = boardEntries(record, verdicts);
    const filter = (request: Parameters<typeof filterBoard>[1]) =>
      names(filterBoard(entries, request));
    expect(filter({ verdict: ['unknown'] })).toEqual(['asks']);
    expect(filter({ verdict: ['unknown', 'breaks'] })).toHaveLength(4);
    expect(filter({ answer: ['more-time', 'ready'] })).toEqual([
      'asks',
      'later',
      'acknowledged',
    ]);
    expect(filter({ answer: ['none'], verdict: ['breaks'] })).toEqual([
      'breaks',
      'broken',
    ]);
    expect(filter({ owner: 'group:default/geo' })).toEqual(['asks']);
    expect(filter({ search: 'RADAR' })).toEqual(['breaks']);
  });

  it('comes in pages that hold everybody once', () => {
    const entries = boardEntries(overridden, verdicts);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = boardPage(entries, { limit: 2, cursor });
      expect(page).toMatchObject({
        totalItems: 7,
        counts: { ready: 3, breaks: 3, unknown: 1 },
        blockingCount: 3,
      });
      seen.push(...names(page.items));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(seen).toEqual(names(entries));
    expect(() => boardPage(entries, { cursor: 'x' })).toThrow(
      "'x' is not a cursor of this list",
    );
  });

  it('names a declaration as evidence in its CSV', () => {
    const csv = boardCsv(
      boardEntries(record, [
        judged('says', 'breaks', { consumer: { fields: ['delay'] } }),
        judged('says-none', 'ready', { consumer: { fields: [] } }),
        judged('silent', 'unknown'),
      ]),
    );
    const [header, ...lines] = csv.trimEnd().split('\r\n');
    const column = header.split(',').indexOf('evidence');
    expect(
      lines
        .map(line => line.split(','))
        .map(cells => [cells[0], cells[column]]),
    ).toEqual([
      ['component:default/says', 'declared'],
      ['component:default/silent', ''],
      ['component:default/says-none', 'declared'],
    ]);
  });

  it('G10: is CSV that no spreadsheet runs', () => {
    const csv = boardCsv(
      boardEntries(record, [
        judged('hostile', 'breaks', {
          consumer: {
            title: '=HYPERLINK("http://evil.test","x")',
            evidence: [
              { by: 'parsed', field: 'delay', file: '=a.sql', line: 3 },
            ],
            silence: {
              since: '2026-10-30',
              jobs: 1,
              doubt: 'radar has told nothing since 2026-11-02',
              reads: [],
            },
          },
          reasons: ['says "a", and\r\nmore'],
          answer: { kind: 'ready', reason: '@SUM(1)', ...answer },
        }),
      ]),
    );
    const [header, ...rest] = csv.split('\r\n');
    expect(header).toMatch(/^consumer,title,owner,accepts,reads,verdict,/);
    const body = rest.join('\r\n');
    expect(body).toContain(`"'=HYPERLINK(""http://evil.test"",""x"")"`);
    expect(body).toContain(`'@SUM(1)`);
    expect(body).toContain(
      ',parsed from 1 file; what its runs do not read proves nothing: radar has told nothing since 2026-11-02,',
    );
    expect(body).toContain('"says ""a"", and\r\nmore"');
  });
});
