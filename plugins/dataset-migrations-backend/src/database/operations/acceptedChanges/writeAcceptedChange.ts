import { ConflictError } from '@backstage/errors';
import { AcceptedChange } from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import { createHash, randomUUID } from 'node:crypto';
import { storableText } from '../../../datasets/storableJson';
import {
  AcceptedChangeRow,
  fromAcceptedChangeRow,
} from '../../AcceptedChangeRow';

/** What somebody accepts, before it is written. */
export type NewAcceptedChange = Omit<
  AcceptedChange,
  'id' | 'at' | 'withdrawnBy' | 'withdrawnAt'
>;

/**
 * Writes that a change is accepted.
 *
 * @throws ConflictError naming who accepted it already
 */
export async function writeAcceptedChange(
  trx: Knex.Transaction,
  accepted: NewAcceptedChange,
): Promise<AcceptedChange> {
  const { rule, object, field, summary, effect } = accepted;
  const current = {
    dataset_ref: accepted.datasetRef,
    from_version: accepted.fromVersion,
    to_version: accepted.toVersion,
    change_hash: createHash('sha256')
      .update(JSON.stringify([rule, object, field, summary, effect]))
      .digest('hex'),
  };
  // Waits for somebody who accepts the same at this moment.
  const [row]: AcceptedChangeRow[] = await trx('accepted_changes')
    .insert({
      ...current,
      id: randomUUID(),
      rule,
      object,
      field,
      summary,
      effect,
      reason: storableText(accepted.reason),
      accepted_by: accepted.by,
    })
    .onConflict(
      trx.raw(
        '(dataset_ref, from_version, to_version, change_hash) WHERE withdrawn_at IS NULL',
      ),
    )
    .ignore()
    .returning('*');
  if (!row) {
    const before: AcceptedChangeRow | undefined = await trx('accepted_changes')
      .where(current)
      .whereNull('withdrawn_at')
      .first();
    throw new ConflictError(
      before
        ? `It is accepted already, by ${before.accepted_by}: ${before.reason}`
        : 'It was accepted, and that taken back, at this moment',
    );
  }
  return fromAcceptedChangeRow(row);
}
