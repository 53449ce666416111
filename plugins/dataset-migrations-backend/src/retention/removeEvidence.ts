import { inRounds, Removal, ROUND } from './inRounds';
import { settledMigrations } from './settledMigrations';

/**
 * Removes what makes the row of a migration large: contracts, mapping, verdicts
 * and the details of the verification. Who migrated what, when, with which
 * changes and with which result stays.
 */
export const removeEvidence: Removal = ({ knex, before, signal }) =>
  inRounds(signal, () =>
    knex('migrations')
      .whereIn(
        'id',
        settledMigrations(knex, before)
          .whereNull('old.evidence_removed_at')
          .select('old.id')
          .limit(ROUND)
          .forUpdate('old')
          .skipLocked(),
      )
      .update({
        source_contract: knex.raw(
          "jsonb_build_object('version', source_contract -> 'version')",
        ),
        target_contract: knex.raw(
          "jsonb_build_object('version', target_contract -> 'version')",
        ),
        plan: knex.raw(
          `(plan - 'mapping' - 'furtherMappings') || '{"steps": []}'`,
        ),
        verdicts: null,
        verification: knex.raw(
          `verification || '{"columns": [], "mismatches": [], "contractChecks": []}'`,
        ),
        evidence_removed_at: knex.fn.now(),
      }),
  );
