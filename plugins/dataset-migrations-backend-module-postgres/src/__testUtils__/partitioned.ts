import { World } from './world';

/**
 * Makes a table for {@link castOfA} that is partitioned by ranges of 100 ids,
 * `t_0`, `t_1`, ..., and `t_rest` for all others.
 */
export async function createPartitioned(
  world: World,
  table: string,
  options: { partitions?: number; rows?: number } = {},
): Promise<void> {
  const { partitions = 3, rows = partitions * 100 + 50 } = options;
  await world.sql(
    `CREATE TABLE ${table} (id integer PRIMARY KEY, a text) PARTITION BY RANGE (id)`,
  );
  for (let index = 0; index < partitions; index += 1) {
    await world.sql(
      `CREATE TABLE ${table}_${index} PARTITION OF ${table} FOR VALUES FROM (${
        index * 100
      }) TO (${index * 100 + 100})`,
    );
  }
  await world.sql(`CREATE TABLE ${table}_rest PARTITION OF ${table} DEFAULT`);
  await world.sql(
    `INSERT INTO ${table} SELECT g, g::text FROM generate_series(1, ${rows}) AS g`,
  );
}
