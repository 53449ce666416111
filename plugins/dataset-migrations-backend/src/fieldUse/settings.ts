import { Config, readDurationFromConfig } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { durationToMilliseconds, HumanDuration } from '@backstage/types';
import { prefixMatcher } from '../urlPrefix';
import { ReporterRule } from './lineage/reporters';

const KEY = 'datasetMigrations.fieldUse';
const DAY_MS = 86_400_000;
/** A week has all of its days in it. */
const LEAST_SILENT_DAYS = 7;

export interface FieldUseSettings {
  /** Undefined where no source is read. */
  readSourcesEvery?: HumanDuration;
  /** Whether a source may be read for a consumer of that owner. */
  isAllowed(sourceUrl: string, owner: string | undefined): boolean;
  /** Which services may say what runs of which consumers read. */
  reporters: ReporterRule[];
  /**
   * How long what a run read counts after it, and what was read of a source after
   * that was last seen, in milliseconds.
   */
  observedForMs: number;
  /**
   * How long runs must not have read a field for their silence to make ready, in
   * milliseconds; undefined where it never does.
   */
  silentForMs?: number;
  /** How long it is known when runs read fields, and whether they told, in milliseconds. */
  lineageForMs: number;
}

/**
 * Reads `datasetMigrations.fieldUse`. Without it no source is read, and no service may
 * report runs.
 *
 * @throws InputError naming the key
 */
export function readFieldUseSettings(config: Config): FieldUseSettings {
  const duration = (key: string, byDefault: HumanDuration) =>
    config.has(`${KEY}.${key}`)
      ? readDurationFromConfig(config, { key: `${KEY}.${key}` })
      : byDefault;
  const rules = readSourceRules(config);
  const observedForMs = durationToMilliseconds(
    duration('observedFor', { days: 90 }),
  );
  const silentForMs = readSilentFor(config);
  return {
    ...(rules.length > 0 && {
      readSourcesEvery: duration('readSourcesEvery', { hours: 1 }),
    }),
    isAllowed: (sourceUrl, owner) =>
      rules.some(allows => allows(new URL(sourceUrl), owner)),
    reporters: readReporters(config),
    observedForMs,
    ...(silentForMs !== undefined && { silentForMs }),
    // What is usual for a job is seen before the time in which it is to be heard.
    lineageForMs: Math.max(
      observedForMs,
      2 * (silentForMs ?? 0),
      (silentForMs ?? 0) + 30 * DAY_MS,
    ),
  };
}

function readSilentFor(config: Config): number | undefined {
  const key = `${KEY}.silentFor`;
  if (!config.has(key)) {
    return undefined;
  }
  const silentForMs = durationToMilliseconds(
    readDurationFromConfig(config, { key }),
  );
  if (silentForMs < LEAST_SILENT_DAYS * DAY_MS) {
    throw new InputError(
      `${key} must be at least ${LEAST_SILENT_DAYS} days, not ${
        silentForMs / DAY_MS
      }`,
    );
  }
  return silentForMs;
}

/**
 * Hosts of object stores. What lists one has no state to compare with, and its readers
 * load all that is there whatever is asked for.
 */
const OBJECT_STORES =
  /(^|\.)(amazonaws\.com(\.cn)?|storage\.googleapis\.com|storage\.cloud\.google\.com|blob\.core\.[\w.]+|r2\.cloudflarestorage\.com)$/;

type SourceRule = (url: URL, owner: string | undefined) => boolean;

function readSourceRules(config: Config): SourceRule[] {
  const entries = config.getOptionalConfigArray(`${KEY}.sources`) ?? [];
  return entries.map((entry, index) => {
    const key = `${KEY}.sources[${index}]`;
    const prefix = entry.getString('urlPrefix');
    const matches = prefixMatcher(prefix, key);
    if (OBJECT_STORES.test(new URL(prefix).hostname)) {
      throw new InputError(
        `${key}.urlPrefix must be of a git host, not of an object store`,
      );
    }
    const owners = entry
      .getOptionalStringArray('owners')
      ?.map(owner => owner.toLocaleLowerCase('en-US'));
    return (url, owner) =>
      matches(url) &&
      (owners === undefined ||
        (owner !== undefined &&
          owners.includes(owner.toLocaleLowerCase('en-US'))));
  });
}

function readReporters(config: Config): ReporterRule[] {
  const entries =
    config.getOptionalConfigArray(`${KEY}.lineage.reporters`) ?? [];
  return entries.map((entry, index) => {
    const rule = {
      subject: entry.getString('subject'),
      consumers: entry
        .getStringArray('consumers')
        .map(ref => ref.toLocaleLowerCase('en-US')),
      namespaces: entry.getStringArray('namespaces'),
    };
    if (rule.consumers.length === 0 || rule.namespaces.length === 0) {
      throw new InputError(
        `${KEY}.lineage.reporters[${index}] must list consumers and namespaces`,
      );
    }
    return rule;
  });
}
