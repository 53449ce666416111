import semver from 'semver';
import { Contract } from './types';

/**
 * The version of a dataset that readers get now: what was last published, if
 * that is known, otherwise the contract whose status is `active`.
 *
 * @param recorded - the version recorded by the plugin or beside the data
 * @returns undefined when nothing was published and no contract is active
 * @public
 */
export function currentVersionOf(
  contracts: Contract[],
  recorded?: string,
): string | undefined {
  return recorded ?? contracts.find(c => c.status === 'active')?.version;
}

/**
 * The versions to which a dataset can go from its current one, lowest first:
 * higher than it, and neither deprecated nor retired. A draft is not offered: it
 * may still change.
 *
 * @public
 */
export function nextVersions(
  contracts: ReadonlyArray<Pick<Contract, 'version' | 'status'>>,
  current?: string,
): string[] {
  return contracts
    .filter(c => !['draft', 'deprecated', 'retired'].includes(c.status))
    .map(c => c.version)
    .filter(version => !current || semver.gt(version, current))
    .sort(semver.compare);
}
