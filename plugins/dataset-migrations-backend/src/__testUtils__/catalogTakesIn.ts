import { Knex } from 'knex';
import { whileItMoves } from './poll';

/**
 * What the catalog has not shown yet of what its providers gave it. It changes only
 * the order of lists in a `spec`, and adds to `metadata`; what is stitched later, as the
 * other end of a relation is, waits in a queue from before the entity is shown.
 */
const COUNT = `
  SELECT
    (SELECT count(*) FROM catalog.stitch_queue) +
    (SELECT count(*) FROM catalog.refresh_state AS given
     LEFT JOIN catalog.final_entities AS shown USING (entity_id),
     LATERAL (SELECT given.unprocessed_entity::jsonb AS before,
       shown.final_entity::jsonb AS after) AS documents
     WHERE ((before -> 'spec') @> (after -> 'spec')
       AND (after -> 'spec') @> (before -> 'spec')
       AND (after -> 'metadata') @> (before -> 'metadata')) IS NOT TRUE) AS left_over`;

/** Waits until a catalog with that database shows all that it was given. */
export async function catalogTakesIn(knex: Knex): Promise<void> {
  await whileItMoves('the catalog to show what it was given', async () => {
    const { rows } = await knex.raw(COUNT);
    const left = Number(rows[0].left_over);
    return { done: left === 0, moved: left };
  });
}
