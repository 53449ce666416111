import {
  ANNOTATION_SOURCE_LOCATION,
  CompoundEntityRef,
  Entity,
  parseEntityRef,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { JsonObject, JsonValue } from '@backstage/types';
import semver from 'semver';
import { DeclaredConsumer } from '../compatibility/types';
import { DocumentProblem, formatProblem } from '../documents/problems';

const MAX_DECLARATIONS = 500;
const MAX_FIELDS = 1_600;
/** Characters of a constraint, a name, an address. */
const MAX_LENGTH = 2_000;

/**
 * Annotation of a consumer: the dialect of its SQL, as `bigquery`, where that is
 * not the one of the store that holds the dataset.
 *
 * @public
 */
export const ANNOTATION_SQL_DIALECT = 'dataset-migrations/sql-dialect';

/**
 * Annotation of a consumer: `complete` says that nothing but its source reads
 * datasets, so that the fields that are found there are all.
 *
 * @public
 */
export const ANNOTATION_FIELD_USE = 'dataset-migrations/field-use';

const PROPERTIES = new Set(['dataset', 'version', 'fields', 'webhook']);

/** One entry of `spec.consumesDatasets` that names its dataset. */
interface Declaration {
  datasetRef: string;
  constraint?: string;
  fields?: string[];
  webhook?: string;
  problems: DocumentProblem[];
}

/**
 * What an entity says about the datasets it reads: one consumer for each entry
 * of `spec.consumesDatasets`, and one without details for each other resource
 * of `spec.dependsOn`, which may or may not be a dataset. A bad entry that
 * names its dataset becomes a consumer with a `problem`.
 *
 * @public
 */
export function parseConsumerDeclarations(entity: Entity): DeclaredConsumer[] {
  const about = describeEntity(entity);
  const { declarations } = readDeclarations(entity);
  const merged = new Map<string, DeclaredConsumer>();
  for (const { datasetRef, problems, ...details } of declarations) {
    const problem = merged.has(datasetRef)
      ? 'declares the dataset more than once'
      : problems.map(formatProblem).join('; ');
    merged.set(datasetRef, {
      ...about,
      datasetRef,
      source: 'declared',
      ...details,
      ...(problem ? { problem } : {}),
    });
  }
  for (const datasetRef of dependsOnResources(entity)) {
    if (!merged.has(datasetRef)) {
      merged.set(datasetRef, { ...about, datasetRef, source: 'depends-on' });
    }
  }
  return [...merged.values()];
}

/**
 * Everything that is wrong in `spec.consumesDatasets`, with path and value.
 *
 * @public
 */
export function consumerDeclarationProblems(entity: Entity): DocumentProblem[] {
  const { declarations, problems } = readDeclarations(entity);
  return [
    ...problems,
    ...declarations.flatMap(declaration => declaration.problems),
  ];
}

function describeEntity(entity: Entity) {
  const owner = ownerOf(entity);
  const { title } = entity.metadata;
  return {
    entityRef: stringifyEntityRef(entity),
    ...(owner ? { owner } : {}),
    ...(typeof title === 'string' ? { title } : {}),
    ...sourceOf(entity),
  };
}

/**
 * Where the source of a consumer is, which SQL it is written in, and whether it is all
 * that reads datasets, by its annotations.
 *
 * @public
 */
export function sourceOf(
  entity: Entity,
): Pick<
  DeclaredConsumer,
  'sourceUrl' | 'sqlDialect' | 'sourceComplete' | 'sourceProblem'
> {
  const annotations = entity.metadata.annotations ?? {};
  const sourceUrl = readSourceUrl(annotations[ANNOTATION_SOURCE_LOCATION]);
  const dialect = annotations[ANNOTATION_SQL_DIALECT];
  const fieldUse = annotations[ANNOTATION_FIELD_USE];
  const isDialect = typeof dialect === 'string' && /^\w{1,40}$/.test(dialect);
  const problems = [
    ...(dialect === undefined || isDialect
      ? []
      : [
          `its annotation ${ANNOTATION_SQL_DIALECT} must be one word, not ${JSON.stringify(
            shown(dialect),
          )}`,
        ]),
    ...(fieldUse === undefined || fieldUse === 'complete'
      ? []
      : [
          `its annotation ${ANNOTATION_FIELD_USE} must be "complete", not ${JSON.stringify(
            shown(fieldUse),
          )}`,
        ]),
  ];
  return {
    ...(sourceUrl ? { sourceUrl } : {}),
    ...(isDialect ? { sqlDialect: dialect.toLocaleLowerCase('en-US') } : {}),
    ...(fieldUse === 'complete' ? { sourceComplete: true } : {}),
    ...(problems.length > 0 ? { sourceProblem: problems.join('; ') } : {}),
  };
}

/** Of `url:https://…`; files of the machine of the catalog are no source. */
function readSourceUrl(location: unknown): string | undefined {
  if (typeof location !== 'string' || location.length > MAX_LENGTH) {
    return undefined;
  }
  const url = location.replace(/^url:/, '');
  return url !== location && isHttpAddress(url) ? url : undefined;
}

function ownerOf(entity: Entity): string | undefined {
  const related = entity.relations?.find(item => item.type === 'ownedBy');
  return related
    ? related.targetRef
    : normalizeRef(entity.spec?.owner, 'Group', entity);
}

/** A full reference in lower case; undefined when it is none. */
function normalizeRef(
  value: JsonValue | undefined,
  defaultKind: string | undefined,
  entity: Entity,
): string | undefined {
  if (typeof value !== 'string' || value.length > MAX_LENGTH) {
    return undefined;
  }
  try {
    const ref = parseEntityRef(value, {
      defaultKind,
      defaultNamespace: entity.metadata.namespace ?? 'default',
    });
    return isWellFormed(ref) ? stringifyEntityRef(ref) : undefined;
  } catch {
    return undefined;
  }
}

/** The catalog's parser takes any characters; its entities have only these. */
function isWellFormed(ref: CompoundEntityRef): boolean {
  const word = /^[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/;
  return [ref.kind, ref.namespace, ref.name].every(part => word.test(part));
}

function dependsOnResources(entity: Entity): string[] {
  const { dependsOn } = entity.spec ?? {};
  if (!Array.isArray(dependsOn)) {
    return [];
  }
  return dependsOn
    .map(ref => normalizeRef(ref, undefined, entity))
    .filter((ref): ref is string => ref?.startsWith('resource:') === true);
}

function readDeclarations(entity: Entity): {
  declarations: Declaration[];
  problems: DocumentProblem[];
} {
  const raw = entity.spec?.consumesDatasets;
  const path = 'spec.consumesDatasets';
  if (raw === undefined) {
    return { declarations: [], problems: [] };
  }
  if (!Array.isArray(raw)) {
    return {
      declarations: [],
      problems: [{ path, message: 'must be a list', value: shown(raw) }],
    };
  }
  const problems: DocumentProblem[] = [];
  if (raw.length > MAX_DECLARATIONS) {
    problems.push({
      path,
      message: `must have at most ${MAX_DECLARATIONS} entries`,
      value: raw.length,
    });
  }
  const declarations = raw
    .slice(0, MAX_DECLARATIONS)
    .flatMap((item, index) =>
      readDeclaration(item, `${path}[${index}]`, entity, problems),
    );
  return { declarations, problems };
}

function readDeclaration(
  item: JsonValue,
  path: string,
  entity: Entity,
  problems: DocumentProblem[],
): Declaration[] {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) {
    problems.push({ path, message: 'must be an object', value: shown(item) });
    return [];
  }
  const datasetRef = normalizeRef(item.dataset, 'Resource', entity);
  if (!datasetRef) {
    problems.push({
      path: `${path}.dataset`,
      message: 'must be the reference of a dataset entity',
      value: shown(item.dataset),
    });
    return [];
  }
  return [{ datasetRef, ...readDetails(item, path) }];
}

function readDetails(
  item: JsonObject,
  path: string,
): Omit<Declaration, 'datasetRef'> {
  const problems: DocumentProblem[] = Object.keys(item)
    .filter(name => !PROPERTIES.has(name))
    .map(name => ({
      path: `${path}.${name.slice(0, 100)}`,
      message: 'is not a known property',
    }));
  const { version, fields, webhook } = item;
  const problem = (name: string, message: string) =>
    problems.push({
      path: `${path}.${name}`,
      message,
      value: shown(item[name]),
    });
  if (version !== undefined && !isSatisfiable(version)) {
    problem('version', 'must be a semantic version range that can be met');
  }
  if (fields !== undefined && !isListOfNames(fields)) {
    problem('fields', 'must be a list of field names');
  }
  if (webhook !== undefined && !isHttpAddress(webhook)) {
    // Its value may hold credentials, so it is not repeated.
    problems.push({
      path: `${path}.webhook`,
      message: 'must be an http or https address without credentials',
    });
  }
  return {
    ...(isSatisfiable(version) ? { constraint: version } : {}),
    ...(isListOfNames(fields) ? { fields } : {}),
    ...(isHttpAddress(webhook) ? { webhook } : {}),
    problems,
  };
}

function isSatisfiable(value: JsonValue | undefined): value is string {
  return (
    typeof value === 'string' &&
    value.length <= 256 &&
    semver.validRange(value) !== null &&
    semver.minVersion(value) !== null
  );
}

function isListOfNames(value: JsonValue | undefined): value is string[] {
  return (
    Array.isArray(value) &&
    value.length <= MAX_FIELDS &&
    value.every(
      name =>
        typeof name === 'string' && name.length > 0 && name.length <= 1_000,
    )
  );
}

function isHttpAddress(value: JsonValue | undefined): value is string {
  if (typeof value !== 'string' || value.length > MAX_LENGTH) {
    return false;
  }
  try {
    const url = new URL(value);
    return (
      (url.protocol === 'https:' || url.protocol === 'http:') &&
      url.username === '' &&
      url.password === ''
    );
  } catch {
    return false;
  }
}

/** Long and nested values do not belong into a message. */
function shown(value: JsonValue | undefined): JsonValue | undefined {
  return value !== undefined && JSON.stringify(value).length > 200
    ? 'a long value'
    : value;
}
