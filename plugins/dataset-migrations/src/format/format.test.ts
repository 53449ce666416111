import { DateTime } from 'luxon';
import { formatSeconds, formatSpan, secondsBetween } from './durations';
import { formatField, formatFieldType } from './fieldTypes';
import { formatBytes, formatQuantity, formatRate } from './numbers';
import { describeState } from './words';

describe('numbers for people', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1_000, '1.0 kB'],
    [48_213_000, '48.2 MB'],
    [999_960, '1.0 MB'],
    [123_456_789_012, '123 GB'],
  ])('%p bytes are %p', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it('counts in words', () => {
    expect(formatQuantity(1, 'consumer')).toBe('1 consumer');
    expect(formatQuantity(0, 'row')).toBe('0 rows');
    expect(formatQuantity(3_000_000, 'row')).toBe('3,000,000 rows');
    expect(formatRate(412_345)).toBe('412.3K rows/s');
  });
});

describe('durations for people', () => {
  it.each([
    [0.04, '0.0 s'],
    [4.26, '4.3 s'],
    [9.96, '10 s'],
    [59.6, '1 min'],
    [200, '3 min 20 s'],
    [3_599.9, '1 h'],
    [7_500, '2 h 5 min'],
    [100 * 3_600, '4 d 4 h'],
    [-3, '0.0 s'],
  ])('%p seconds are %p', (seconds, text) => {
    expect(formatSeconds(seconds)).toBe(text);
  });

  it.each([
    [7 * 24 * 3_600, '7 days'],
    [24 * 3_600, '1 day'],
    [36 * 3_600, '36 hours'],
    [90, '90 seconds'],
    [600, '10 minutes'],
    [0.5, '0.5 seconds'],
  ])('a span of %p seconds is %p', (seconds, text) => {
    expect(formatSpan(seconds)).toBe(text);
  });

  it('runs until now when there is no end, and not at all without a beginning', () => {
    const now = DateTime.fromISO('2026-11-22T10:00:10Z');
    expect(secondsBetween('2026-11-22T10:00:00Z', undefined, now)).toBe(10);
    expect(secondsBetween(undefined, undefined, now)).toBeUndefined();
    // The clocks of browser and server differ.
    expect(secondsBetween('2026-11-22T10:00:12Z', undefined, now)).toBe(0);
  });
});

describe('the state of a migration for people', () => {
  const blocked = (name?: string) =>
    describeState({
      state: 'blocked',
      toVersion: '2.0.0',
      error: name === undefined ? undefined : { name, message: 'why' },
    });

  it.each([
    ['BreakingChangeError', 'Consumers stand in the way.'],
    [undefined, 'Consumers stand in the way.'],
    ['WaitsForWindow', 'Waits for its window.'],
    ['NotAllowedError', 'Waits for somebody who may migrate this dataset.'],
  ])('of one that %p holds up: %p', (name, text) => {
    expect(blocked(name)).toBe(`Stopped before anything changed. ${text}`);
  });
});

describe('types of fields for people', () => {
  it.each([
    [{ kind: 'integer', bits: 64 }, '64-bit integer'],
    [{ kind: 'decimal' }, 'decimal'],
    [{ kind: 'decimal', precision: 10, scale: 2 }, 'decimal(10, 2)'],
    [{ kind: 'decimal', precision: 10 }, 'decimal(10, 0)'],
    [{ kind: 'string' }, 'text'],
    [{ kind: 'string', maxLength: 3 }, 'text (up to 3)'],
    [{ kind: 'timestamp', zone: true }, 'timestamp with zone'],
    [{ kind: 'array', items: { kind: 'string' } }, 'list of text'],
    [{ kind: 'uuid' }, 'uuid'],
  ] as const)('%j', (type, text) => {
    expect(formatFieldType(type)).toBe(text);
  });

  it('says what else a reader must know', () => {
    expect(
      formatField({
        name: 'id',
        type: { kind: 'integer', bits: 32 },
        required: true,
        unique: true,
        primaryKeyPosition: 1,
      }),
    ).toBe('32-bit integer, key, required, unique');
  });
});
