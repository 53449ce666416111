import { JsonObject, JsonValue } from '@backstage/types';
import { DocumentProblem } from '../documents/problems';
import { scalarLogicalType } from './logicalTypes';
import { parsePhysicalType } from './physicalTypes';
import { Field, FieldType } from './types';

/** PostgreSQL cuts longer identifiers silently. Bytes of UTF-8. */
const MAX_NAME_BYTES = 63;

/** More columns than PostgreSQL can hold in one table. */
const MAX_FIELDS = 1600;

/**
 * Reads ODCS properties that the JSON Schema has accepted.
 *
 * @param path - of the list, for messages
 * @param problems - receives what is wrong
 */
export function readFields(
  properties: JsonObject[],
  path: string,
  problems: DocumentProblem[],
): Field[] {
  if (properties.length > MAX_FIELDS) {
    problems.push({
      path,
      message: `must have at most ${MAX_FIELDS} properties`,
      value: properties.length,
    });
    return [];
  }
  const fields = properties.flatMap((property, index) => {
    const field = readField(property, `${path}[${index}]`, problems);
    return field ? [field] : [];
  });
  reportDuplicates(properties, ['name', 'id'], path, 'properties', problems);
  return fields;
}

function readField(
  property: JsonObject,
  path: string,
  problems: DocumentProblem[],
): Field | undefined {
  const name = String(property.name);
  checkName(name, `${path}.name`, problems);
  if (typeof property.physicalName === 'string') {
    checkName(property.physicalName, `${path}.physicalName`, problems);
  }
  const type = readType(property, path, problems);
  if (!type) {
    return undefined;
  }
  return withoutUndefined<Field>({
    id: text(property.id),
    name,
    physicalName: text(property.physicalName),
    type,
    logicalType: text(property.logicalType),
    physicalType: text(property.physicalType),
    required: property.required === true || property.primaryKey === true,
    unique: property.unique === true,
    primaryKeyPosition: undefined,
    default: customProperty(property, 'default'),
    options: property.logicalTypeOptions as JsonObject | undefined,
    enum: enumOf(property, path, problems),
    classification: text(property.classification),
    description: text(property.description),
  });
}

function readType(
  property: JsonObject,
  path: string,
  problems: DocumentProblem[],
): FieldType | undefined {
  const physical = text(property.physicalType);
  const logical = text(property.logicalType);
  const known =
    physical === undefined ? undefined : parsePhysicalType(physical);
  if (known) {
    return known;
  }
  if (logical === 'object') {
    const nested = (property.properties ?? []) as JsonObject[];
    return {
      kind: 'object',
      fields: readFields(nested, `${path}.properties`, problems),
    };
  }
  if (logical === 'array') {
    const items = property.items as JsonObject | undefined;
    const type = items && readType(items, `${path}.items`, problems);
    if (!items) {
      problems.push({ path: `${path}.items`, message: 'is required' });
    }
    return type && { kind: 'array', items: type };
  }
  if (logical !== undefined) {
    return scalarLogicalType(
      logical,
      (property.logicalTypeOptions ?? {}) as JsonObject,
    );
  }
  problems.push(
    physical === undefined
      ? {
          path: `${path}.logicalType`,
          message: 'is required where there is no physicalType',
        }
      : {
          path: `${path}.physicalType`,
          message:
            'is not a type that is understood; add a logicalType beside it',
          value: physical,
        },
  );
  return undefined;
}

/** Reports a name that is too long, or that people could not tell from another. */
export function checkName(
  name: string,
  path: string,
  problems: DocumentProblem[],
  maxBytes = MAX_NAME_BYTES,
): void {
  const bytes = new TextEncoder().encode(name).length;
  if (bytes === 0 || bytes > maxBytes) {
    problems.push({
      path,
      message: `must be 1 to ${maxBytes} bytes long`,
      value: name,
    });
  }
  // Control and invisible characters, and lone surrogates.
  if (/[\p{Cc}\p{Cf}\p{Cs}]/u.test(name)) {
    problems.push({
      path,
      message: 'must not contain control or invisible characters',
      value: name,
    });
  }
}

/** Reports what two entries of a list have in common and must not. */
export function reportDuplicates(
  entries: JsonObject[],
  keys: Array<'name' | 'id'>,
  path: string,
  among: 'properties' | 'objects',
  problems: DocumentProblem[],
): void {
  for (const key of keys) {
    const seen = new Set<string>();
    entries.forEach((entry, index) => {
      const value = text(entry[key]);
      if (value === undefined) {
        return;
      }
      if (seen.has(value)) {
        problems.push({
          path: `${path}[${index}].${key}`,
          message: `must be unique among the ${among}`,
          value,
        });
      }
      seen.add(value);
    });
  }
}

/** From the custom property `enum`, or a quality rule that lists valid values. */
function enumOf(
  property: JsonObject,
  path: string,
  problems: DocumentProblem[],
): JsonValue[] | undefined {
  const custom = customProperty(property, 'enum');
  if (custom !== undefined) {
    if (Array.isArray(custom) && custom.length > 0) {
      return custom;
    }
    problems.push({
      path: `${path}.customProperties`,
      message: 'the custom property enum must be a list of values',
      value: custom,
    });
    return undefined;
  }
  for (const rule of (property.quality ?? []) as JsonObject[]) {
    const validValues =
      (rule.arguments as JsonObject | undefined)?.validValues ??
      rule.validValues;
    if (
      (rule.metric === 'invalidValues' || rule.rule === 'validValues') &&
      Array.isArray(validValues) &&
      allowsNoOther(rule)
    ) {
      return validValues;
    }
  }
  return undefined;
}

/** A rule that tolerates some invalid values promises nothing about each. */
function allowsNoOther(rule: JsonObject): boolean {
  const limits = Object.entries(rule).filter(([key]) =>
    key.startsWith('mustBe'),
  );
  return limits.every(
    ([key, limit]) =>
      (key === 'mustBe' && limit === 0) ||
      (key === 'mustBeLessThan' && limit === 1) ||
      (key === 'mustBeLessOrEqualTo' && limit === 0),
  );
}

function customProperty(
  property: JsonObject,
  name: string,
): JsonValue | undefined {
  const list = (property.customProperties ?? []) as JsonObject[];
  return list.find(custom => custom.property === name)?.value;
}

function text(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Keeps contracts small and comparable: absent stays absent. */
function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(
    Object.entries(value).filter(([, item]) => item !== undefined),
  ) as T;
}
