import { useTestDatabase } from '../__testUtils__/testDatabase';
import { takeTurn, untilNextTurn } from './takeTurn';

const HOUR_MS = 3_600_000;

describe('takeTurn', () => {
  const database = useTestDatabase();
  const take = (everyMs: number) =>
    takeTurn(database(), 'queue-supervision', everyMs);
  const takenAt = (sql: string) =>
    database()('turns').update({ taken_at: database().raw(sql) });

  beforeEach(() => database()('turns').delete());

  it('is of one process in a while, though several ask at once', async () => {
    for (let round = 0; round < 5; round++) {
      await database()('turns').delete();
      const taken = await Promise.all(
        Array.from({ length: 5 }, () => take(HOUR_MS)),
      );
      expect(taken.filter(Boolean)).toHaveLength(1);
      expect(await take(HOUR_MS)).toBe(false);
    }
  });

  it('is free again after that while, whoever had it and stands still', async () => {
    await takenAt(`now() - interval '59 minutes'`);
    expect(await take(HOUR_MS)).toBe(true);
    expect(await take(HOUR_MS)).toBe(false);
    await takenAt(`now() - interval '61 minutes'`);
    expect(await take(HOUR_MS)).toBe(true);
    expect(await take(HOUR_MS)).toBe(false);
  });

  it('is free where the clock was set back', async () => {
    await take(HOUR_MS);
    await takenAt(`now() + interval '2 hours'`);
    expect(await take(HOUR_MS)).toBe(true);
    expect(await take(HOUR_MS)).toBe(false);
  });

  it('is one of its own for each thing', async () => {
    expect(await take(HOUR_MS)).toBe(true);
    expect(await takeTurn(database(), 'campaign-dispatch', HOUR_MS)).toBe(true);
  });

  it('is asked for again by who has it before the others do', () => {
    const pauses = (everyMs: number) =>
      [true, false].map(taken => untilNextTurn(taken, everyMs));
    expect(pauses(200)).toEqual([205, 600]);
    expect(pauses(2_000)).toEqual([2_005, 3_000]);
    expect(pauses(HOUR_MS)).toEqual([HOUR_MS + 5, HOUR_MS]);
  });
});
