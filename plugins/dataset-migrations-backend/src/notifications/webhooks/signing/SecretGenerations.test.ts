import { useTestDatabase } from '../../../__testUtils__/testDatabase';
import { SecretGenerations } from './SecretGenerations';

jest.setTimeout(60_000);

const board = 'component:default/board';

describe('SecretGenerations', () => {
  const knex = useTestDatabase();
  const given = () => new SecretGenerations(knex());

  it('has those who never replaced their secret sign with the first one', async () => {
    expect(await given().signingFor(board)).toEqual([0]);
  });

  it('has the secret before the newest one sign for a day, too', async () => {
    await given().raise(board);
    expect(await given().signingFor(board)).toEqual([1, 0]);
    await given().raise(board);
    expect(await given().signingFor(board)).toEqual([2, 1]);

    await knex()('consumer_secrets').update({
      raised_at: knex().raw("now() - interval '25 hours'"),
    });
    expect(await given().signingFor(board)).toEqual([2]);
  });

  it('replaces the secret of one consumer only', async () => {
    await given().raise(board);
    expect(await given().signingFor('component:default/other')).toEqual([0]);
  });
});
