import knexFactory, { Knex } from 'knex';
import { randomBytes } from 'node:crypto';
import { connectionOf } from './connectionOf';

/** A role that is no superuser, so that limits are for it, too. */
export interface LimitedRole {
  name: string;
  /** Connects as the role; closed with it. */
  knex: Knex;
  /** Drops it and all that it owns; nothing may be connected any more. */
  drop(): Promise<void>;
}

/** Makes a role with a password of its own, as a superuser. */
export async function createLimitedRole(admin: Knex): Promise<LimitedRole> {
  const name = `limited_${randomBytes(6).toString('hex')}`;
  const password = randomBytes(12).toString('hex');
  await admin.raw(
    `CREATE ROLE ${name} LOGIN PASSWORD '${password}' NOCREATEDB NOCREATEROLE`,
  );
  const knex = knexFactory({
    client: 'pg',
    connection: { ...connectionOf(admin), user: name, password },
  });
  return {
    name,
    knex,
    async drop() {
      await knex.destroy();
      await admin.raw(`DROP OWNED BY ${name} CASCADE; DROP ROLE ${name}`);
    },
  };
}
