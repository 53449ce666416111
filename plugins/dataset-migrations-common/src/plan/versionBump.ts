import { InputError } from '@backstage/errors';
import semver from 'semver';
import { Change } from '../changes/types';
import { VersionBump } from './types';

/** Changes that leave data and promises as they are. */
const WORDS_ONLY = new Set(['description-changed', 'order-changed']);

/**
 * The smallest bump that the changes need, by semantic versioning: major for a
 * breaking change, minor for any other change of the schema.
 *
 * @public
 */
export function requiredBump(changes: readonly Change[]): VersionBump {
  if (changes.some(change => change.effect === 'breaking')) {
    return 'major';
  }
  return changes.some(change => !WORDS_ONLY.has(change.kind))
    ? 'minor'
    : 'patch';
}

const RANK: Record<VersionBump, number> = { patch: 0, minor: 1, major: 2 };

/**
 * Below 1.0.0 the minor number counts as the major one, and the patch number as
 * the minor one: this is how ranges such as ^0.2.0 read.
 */
function declaredBump(from: semver.SemVer, to: semver.SemVer): VersionBump {
  if (from.major !== to.major) {
    return 'major';
  }
  if (from.minor !== to.minor) {
    return from.major === 0 ? 'major' : 'minor';
  }
  return from.major === 0 && from.patch !== to.patch ? 'minor' : 'patch';
}

/** The lowest version that is such a bump above another. */
function lowestVersion(from: semver.SemVer, bump: VersionBump): string {
  const zero = { major: 'minor', minor: 'patch', patch: 'patch' } as const;
  return semver.inc(from.version, from.major === 0 ? zero[bump] : bump)!;
}

/**
 * Checks that the new version is higher, and high enough for what changed.
 * Between prereleases of one version anything may change.
 *
 * @throws InputError naming the version that the changes need
 */
export function checkBump(
  fromVersion: string,
  toVersion: string,
  changes: readonly Change[],
): void {
  const from = semver.parse(fromVersion)!;
  const to = semver.parse(toVersion)!;
  if (to.compare(from) <= 0) {
    throw new InputError(
      `Version ${toVersion} is not higher than ${fromVersion}`,
    );
  }
  if (from.prerelease.length > 0 && from.compareMain(to) === 0) {
    return;
  }
  const needed = requiredBump(changes);
  if (RANK[declaredBump(from, to)] >= RANK[needed]) {
    return;
  }
  const reasons = changes
    .filter(change =>
      needed === 'major'
        ? change.effect === 'breaking'
        : !WORDS_ONLY.has(change.kind),
    )
    .slice(0, 10)
    .map(change => {
      const name = change.from ?? change.to;
      return name ? `\`${name}\`: ${change.summary}` : change.summary;
    });
  throw new InputError(
    `Version ${toVersion} is too low a bump for ${
      needed === 'major' ? 'breaking changes' : 'changes of the schema'
    } since ${fromVersion}; they need ${lowestVersion(
      from,
      needed,
    )} or higher (${reasons.join('; ')})`,
  );
}
