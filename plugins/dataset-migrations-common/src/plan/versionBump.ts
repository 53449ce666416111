import { InputError } from '@backstage/errors';
import semver from 'semver';
import { gradeOf } from '../changes/acceptedChanges';
import { ChangeKind } from '../changes/kinds';
import { Change } from '../changes/types';
import { VersionBump } from './types';
import { VersionTooLowError } from './VersionTooLowError';

/** What a contract says beside its schema; no reader needs to use what is new. */
const BESIDE_THE_SCHEMA: ReadonlySet<ChangeKind> = new Set([
  'description-changed',
  'order-changed',
  'unit-changed',
  'classification-changed',
  'references-changed',
  'quality-changed',
  'service-level-changed',
]);

const RANK: Record<VersionBump, number> = { patch: 0, minor: 1, major: 2 };

/**
 * The smallest bump that a change needs, by semantic versioning: major when it
 * breaks readers, minor when they should look, or when it changes the schema;
 * patch for more words and more promises.
 * That somebody accepted a change makes its number promise no more.
 *
 * @public
 */
export function bumpFor(change: Change): VersionBump {
  const { kind } = change;
  const effect = gradeOf(change);
  if (effect === 'breaking') {
    return 'major';
  }
  return effect === 'risky' || !BESIDE_THE_SCHEMA.has(kind) ? 'minor' : 'patch';
}

/**
 * The smallest bump that all of the changes need.
 *
 * @public
 */
export function requiredBump(changes: readonly Change[]): VersionBump {
  return changes
    .map(bumpFor)
    .reduce((a, b) => (RANK[a] >= RANK[b] ? a : b), 'patch');
}

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

/** The version that a prerelease leads to. */
function releaseOf({ major, minor, patch }: semver.SemVer): string {
  return `${major}.${minor}.${patch}`;
}

/**
 * Checks that the new version is higher, and high enough for what changed.
 * Between prereleases of one version anything may change.
 *
 * @throws VersionTooLowError with the version that the changes need; InputError
 *   where the new version is not higher
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
  const causes = changes.filter(change => bumpFor(change) === needed);
  const reasons = causes.slice(0, 10).map(change => {
    const name = change.from ?? change.to;
    return name ? `\`${name}\`: ${change.summary}` : change.summary;
  });
  const offered =
    from.prerelease.length > 0 ? releaseOf(from) : lowestVersion(from, needed);
  const advice =
    from.prerelease.length > 0
      ? `anything may change up to ${offered}`
      : `they need ${offered} or higher`;
  throw new VersionTooLowError(
    `Version ${toVersion} is too low a bump for ${wordFor(
      needed,
      causes,
    )} since ${fromVersion}; ${advice} (${reasons.join('; ')})`,
    offered,
    needed,
  );
}

function wordFor(bump: VersionBump, causes: Change[]): string {
  if (bump === 'major') {
    return 'breaking changes';
  }
  return causes.some(({ kind }) => !BESIDE_THE_SCHEMA.has(kind))
    ? 'changes of the schema'
    : 'changes that readers should look at';
}
