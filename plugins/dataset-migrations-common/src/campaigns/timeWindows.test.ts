import fc from 'fast-check';
import {
  opensAt,
  opensTogetherAt,
  timeWindowProblems,
  weekdays,
} from './timeWindows';
import { TimeWindow } from './types';

const timeZone = 'Europe/Berlin';
const office: TimeWindow = {
  days: ['mon', 'tue', 'wed', 'thu', 'fri'],
  from: '09:00',
  to: '17:00',
  timeZone,
};
const night: TimeWindow = {
  days: ['fri'],
  from: '22:00',
  to: '04:00',
  timeZone,
};

describe('opensTogetherAt', () => {
  const now = new Date('2026-11-26T03:00:00Z');
  const days = (...names: Array<(typeof weekdays)[number]>): TimeWindow => ({
    days: names,
    from: '00:00',
    to: '23:59',
    timeZone: 'UTC',
  });

  it('is the first opening that all lists have, not the latest of their next', () => {
    // Friday, and then Saturday, opens the one while the other is closed.
    expect(
      opensTogetherAt([[days('fri', 'mon')], [days('sat', 'mon')]], now),
    ).toEqual(new Date('2026-11-30T00:00:00Z'));
  });

  it('is now while all are open, or there is none', () => {
    expect(opensTogetherAt([[days('thu')], []], now)).toBeUndefined();
    expect(opensTogetherAt([], now)).toBeUndefined();
  });

  it('is never for windows that exclude each other', () => {
    expect(opensTogetherAt([[days('fri')], [days('sat')]], now)).toBeNull();
  });
});

describe('opensAt', () => {
  it.each([
    // A Thursday in winter: Berlin is an hour ahead of UTC.
    ['at any time without windows', [], '2026-11-26T03:00:00Z', undefined],
    ['open within it', [office], '2026-11-26T08:00:00Z', undefined],
    [
      'closed at its end',
      [office],
      '2026-11-26T16:00:00Z',
      '2026-11-27T08:00:00Z',
    ],
    [
      'over the weekend',
      [office],
      '2026-11-27T18:00:00Z',
      '2026-11-30T08:00:00Z',
    ],
    ['open on the morning after', [night], '2026-11-28T02:59:00Z', undefined],
    [
      'not on the morning of its day',
      [night],
      '2026-11-27T02:00:00Z',
      '2026-11-27T21:00:00Z',
    ],
    [
      'the first of several',
      [night, office],
      '2026-11-28T12:00:00Z',
      '2026-11-30T08:00:00Z',
    ],
    [
      'in summer time',
      [office],
      '2026-06-25T05:00:00Z',
      '2026-06-25T07:00:00Z',
    ],
    [
      'on the day on which summer time ends',
      [{ ...office, days: undefined }],
      '2026-10-25T00:30:00Z',
      '2026-10-25T08:00:00Z',
    ],
    [
      'all day long where it ends as it begins',
      [{ from: '00:00', to: '00:00', timeZone }],
      '2026-11-26T03:00:00Z',
      undefined,
    ],
  ] as Array<[string, TimeWindow[], string, string | undefined]>)(
    '%s',
    (_, windows, now, expected) => {
      expect(opensAt(windows, new Date(now))?.toISOString()).toBe(
        expected && new Date(expected).toISOString(),
      );
    },
  );

  it('opens when it says', () => {
    const time = fc
      .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
      .map(parts => parts.map(part => String(part).padStart(2, '0')).join(':'));
    const window = fc.record({
      days: fc.subarray([...weekdays], { minLength: 1 }),
      from: time,
      to: time,
      timeZone: fc.constantFrom(
        'Europe/Berlin',
        'America/New_York',
        'Asia/Kolkata',
        'UTC',
      ),
    });
    fc.assert(
      fc.property(
        fc.array(window, { minLength: 1, maxLength: 3 }),
        fc.date({
          min: new Date('2026-01-01'),
          max: new Date('2027-12-31'),
          noInvalidDate: true,
        }),
        (windows, now) => {
          const opens = opensAt(windows, now) ?? now;
          const minuteBefore = new Date(opens.getTime() - 60_000);
          expect(opens.getTime()).toBeGreaterThanOrEqual(now.getTime());
          expect(opensAt(windows, opens)).toBeUndefined();
          expect(
            opensAt(windows, minuteBefore)?.getTime() ?? 0,
          ).toBeLessThanOrEqual(opens.getTime());
        },
      ),
    );
  });
});

describe('timeWindowProblems', () => {
  it('finds none in a window', () => {
    expect(timeWindowProblems(office)).toEqual([]);
  });

  it.each([
    ['always', "must have 'from', 'to' and 'timeZone', not be \"always\""],
    [
      { ...office, from: '9:00' },
      "'from' must be a time such as '09:30', not \"9:00\"",
    ],
    [
      { ...office, to: '24:00' },
      "'to' must be a time such as '09:30', not \"24:00\"",
    ],
    [{ ...office, timeZone: 'Berlin' }, 'not "Berlin"'],
    [{ ...office, timeZone: undefined }, "'timeZone' must be an IANA name"],
    [{ ...office, days: ['monday'] }, 'not ["monday"]'],
    [{ ...office, days: [] }, 'not []'],
    [{ ...office, week: 2 }, "has a property 'week'"],
  ])('G10: names what is wrong with %j', (value, message) => {
    expect(timeWindowProblems(value)).toEqual([
      expect.stringContaining(message),
    ]);
  });
});
