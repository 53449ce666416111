import {
  Contract,
  DatasetVersion,
} from '@skein/backstage-plugin-dataset-migrations-common';
import {
  currentVersionOf,
  nextVersions,
} from '@skein/backstage-plugin-dataset-migrations-common/planning';
import semver from 'semver';

/**
 * The versions of a dataset and their states, from its contracts and from what
 * the plugin published. A version below the current one that is not kept beside
 * it has had its time.
 */
export function versionsOf(
  contracts: Contract[],
  published?: { current: string; coexisting?: string },
): { current?: string; next?: string; versions: DatasetVersion[] } {
  // Of two active contracts nobody knows which one the data are at.
  const active = contracts.filter(({ status }) => status === 'active');
  const current =
    published || active.length <= 1
      ? currentVersionOf(contracts, published?.current)
      : undefined;
  const stateOf = ({ version, status }: Contract): DatasetVersion['state'] => {
    if (version === current) {
      return 'current';
    }
    if (version === published?.coexisting) {
      return 'coexisting';
    }
    const over =
      status === 'retired' ||
      (current !== undefined && semver.lt(version, current));
    return over ? 'retired' : 'proposed';
  };
  return {
    current,
    next: nextVersions(contracts, current).pop(),
    versions: contracts.map(contract => ({
      version: contract.version,
      state: stateOf(contract),
      status: contract.status,
    })),
  };
}
