import { useTestDatabase } from '../__testUtils__/testDatabase';
import { committed } from './committed';

describe('committed', () => {
  const database = useTestDatabase();

  /** Asks in a transaction, or in one within it, that then ends in these ways. */
  async function ask(ends: { outer?: Error; inner?: Error }) {
    let answer: Promise<boolean> | undefined;
    await database()
      .transaction(async outer => {
        await outer
          .transaction(async inner => {
            answer = committed(inner);
            if (ends.inner) throw ends.inner;
          })
          .catch(() => {});
        if (ends.outer) throw ends.outer;
      })
      .catch(() => {});
    return answer;
  }

  it('tells a transaction that committed from one that did not', async () => {
    const knex = database();
    const { answer } = await knex.transaction(async trx => ({
      answer: committed(trx),
    }));
    expect(await answer).toBe(true);

    let refused: Promise<boolean> | undefined;
    await expect(
      knex.transaction(async trx => {
        refused = committed(trx);
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(await refused).toBe(false);
  });

  it('asks those around it, too', async () => {
    expect(await ask({})).toBe(true);
    expect(await ask({ inner: new Error('no') })).toBe(false);
    expect(await ask({ outer: new Error('no') })).toBe(false);
  });
});
