import { PreflightFinding } from './types/plans';

/**
 * Whether a finding keeps a migration from starting. Rows that go to quarantine
 * do not: the owner chose that.
 *
 * @public
 */
export function refusesMigration({
  kind,
}: Pick<PreflightFinding, 'kind'>): boolean {
  return kind !== 'rows-set-aside';
}
