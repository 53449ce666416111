import {
  Change,
  Consumer,
  isFollower,
} from '@skein/backstage-plugin-dataset-migrations-common';
import semver from 'semver';
import { stringify } from 'yaml';
import { JudgedPlan } from '../planning/judge';

/**
 * What a consumer may declare once it has moved to another version, as YAML to be
 * put into its entity: it accepts both versions, as it is read before and after the
 * cut over, and reads fields under their new names.
 *
 * @returns undefined where it may stay as it is
 */
export function declarationPatch(
  datasetRef: string,
  { plan }: JudgedPlan,
  consumer: Consumer,
): string | undefined {
  if (isFollower(consumer)) {
    return undefined;
  }
  const { constraint } = consumer;
  const fields = declaredFields(consumer);
  const version = nextConstraint(constraint, plan);
  const next = fields?.flatMap(field => nextNames(field, plan.changes));
  const dropped = fields?.filter(
    field => nextNames(field, plan.changes).length === 0,
  );
  const isSame =
    version === constraint &&
    (fields === undefined || fields.join('\n') === next?.join('\n'));
  if (isSame) {
    return undefined;
  }
  const declaration = stringify({
    spec: {
      consumesDatasets: [
        {
          dataset: datasetRef,
          version,
          ...(next && { fields: [...new Set(next)] }),
        },
      ],
    },
  });
  const comments = [
    ...(dropped ?? []).map(field => `# ${oneLine(field)} is gone`),
    ...(consumer.webhook === undefined ? [] : ['# keep your webhook']),
  ];
  return [declaration.trimEnd(), ...comments].join('\n');
}

/**
 * A declaration says which fields are all: of who has none, what was found must not
 * become one.
 */
function declaredFields(consumer: Consumer): string[] | undefined {
  const { fields, evidence = [], unread = [], complete } = consumer;
  return complete === 'declared' || evidence.length + unread.length === 0
    ? fields
    : undefined;
}

function nextConstraint(
  constraint: string | undefined,
  { fromVersion, toVersion }: JudgedPlan['plan'],
): string {
  if (constraint === undefined || semver.validRange(constraint) === null) {
    return `^${fromVersion} || ^${toVersion}`;
  }
  return semver.satisfies(toVersion, constraint)
    ? constraint
    : `${constraint} || ^${toVersion}`;
}

/** What a field is called in the new version; nothing where it has gone. */
function nextNames(field: string, changes: readonly Change[]): string[] {
  for (const { kind, object, from, to } of changes) {
    const rest = restOf(field, from, object);
    if (rest !== undefined && kind === 'field-dropped') {
      return [];
    }
    if (rest !== undefined && to !== undefined && to !== from) {
      return [`${to}${rest}`];
    }
  }
  return [field];
}

/** What follows the name of a changed field in that of a field that is read. */
function restOf(
  field: string,
  from: string | undefined,
  object: string | undefined,
): string | undefined {
  if (from === undefined) {
    return undefined;
  }
  const names = [from];
  if (object !== undefined && from.startsWith(`${object}.`)) {
    names.push(from.slice(object.length + 1));
  }
  const name = names.find(
    each => field === each || field.startsWith(`${each}.`),
  );
  return name === undefined ? undefined : field.slice(name.length);
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}
