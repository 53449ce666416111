import { JsonObject, JsonValue } from '@backstage/types';
import { DocumentProblem } from '../documents/problems';
import { scalarLogicalType } from './logicalTypes';
import { checkName, reportDuplicates } from './names';
import { parseAnyPhysicalType } from './otherStoresTypes';
import { parsePhysicalType } from './physicalTypes';
import { Reading } from './Reading';
import { referencesOf } from './readReferences';
import { Field, FieldType } from './types';

/** More columns than PostgreSQL can hold in one table. */
const MAX_FIELDS = 1600;

/**
 * Reads ODCS properties that the JSON Schema has accepted.
 *
 * @param path - of the list, for messages
 */
export function readFields(
  properties: JsonObject[],
  path: string,
  reading: Reading,
): Field[] {
  if (properties.length > MAX_FIELDS) {
    reading.problems.push({
      path,
      message: `must have at most ${MAX_FIELDS} properties`,
      value: properties.length,
    });
    return [];
  }
  const fields = properties.flatMap((property, index) => {
    const field = readField(property, `${path}[${index}]`, reading);
    return field ? [field] : [];
  });
  reportDuplicates(
    properties,
    ['name', 'id'],
    path,
    'properties',
    reading.problems,
  );
  return fields;
}

function readField(
  property: JsonObject,
  path: string,
  reading: Reading,
): Field | undefined {
  const name = String(property.name);
  checkName(name, `${path}.name`, reading);
  if (typeof property.physicalName === 'string') {
    checkName(property.physicalName, `${path}.physicalName`, reading);
  }
  const type = readType(property, path, reading);
  return type && fieldOf(property, type, path, reading.problems);
}

function fieldOf(
  property: JsonObject,
  type: FieldType,
  path: string,
  problems: DocumentProblem[],
): Field {
  return withoutUndefined<Field>({
    id: text(property.id),
    name: String(property.name),
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
    unit: text(customProperty(property, 'unit')),
    references: referencesOf(property),
    properties:
      type.kind === 'json' ? insideOf(property, path, problems) : undefined,
    items:
      type.kind === 'array' && property.items
        ? itemOf(property.items as JsonObject, type.items, path, problems)
        : undefined,
  });
}

/** No engine looks into JSON, so what is in it is only compared. */
function insideOf(
  property: JsonObject,
  path: string,
  problems: DocumentProblem[],
): Field[] | undefined {
  const items = (property.items ?? {}) as JsonObject;
  const properties = property.properties ?? items.properties;
  return Array.isArray(properties)
    ? readFields(properties as JsonObject[], `${path}.properties`, {
        purpose: 'comparison',
        problems,
      })
    : undefined;
}

/** What is promised of each item of a list, if anything. */
function itemOf(
  items: JsonObject,
  type: FieldType,
  path: string,
  problems: DocumentProblem[],
): Field | undefined {
  const named = { name: 'items', ...items };
  const item = fieldOf(named, type, `${path}.items`, problems);
  const isPromising =
    item.required ||
    item.unique ||
    [item.enum, item.options, item.references, item.items].some(Boolean);
  return isPromising ? item : undefined;
}

function readType(
  property: JsonObject,
  path: string,
  reading: Reading,
): FieldType | undefined {
  const physical = text(property.physicalType);
  const logical = text(property.logicalType);
  const parse =
    reading.purpose === 'comparison' ? parseAnyPhysicalType : parsePhysicalType;
  const known = physical === undefined ? undefined : parse(physical);
  if (known) {
    return known;
  }
  if (logical === 'object' || hasInside(property, 'properties', reading)) {
    const nested = (property.properties ?? []) as JsonObject[];
    return {
      kind: 'object',
      fields: readFields(nested, `${path}.properties`, reading),
    };
  }
  if (logical === 'array' || hasInside(property, 'items', reading)) {
    const items = (property.items ?? {}) as JsonObject;
    if (!property.items && reading.purpose === 'migration') {
      reading.problems.push({ path: `${path}.items`, message: 'is required' });
      return undefined;
    }
    const type = readType(items, `${path}.items`, reading);
    return type && { kind: 'array', items: type };
  }
  const options = (property.logicalTypeOptions ?? {}) as JsonObject;
  if (logical !== undefined && reading.purpose === 'migration') {
    return scalarLogicalType(logical, options);
  }
  if (reading.purpose === 'comparison') {
    return typeToCompare(physical, logical, options);
  }
  reading.problems.push(
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

/** As much of a type as is said, in the store's words where there are only these. */
function typeToCompare(
  physical: string | undefined,
  logical: string | undefined,
  options: JsonObject,
): FieldType {
  const type =
    logical === undefined
      ? undefined
      : scalarLogicalType(logical, options) ?? scalarLogicalType(logical, {});
  const spelling = physical ?? logical;
  return (
    type ?? { kind: 'unknown', ...(spelling !== undefined && { spelling }) }
  );
}

/** Older documents leave out the type of what shows by itself what it is. */
function hasInside(
  property: JsonObject,
  part: 'properties' | 'items',
  { purpose }: Reading,
): boolean {
  return (
    purpose === 'comparison' &&
    property.logicalType === undefined &&
    property[part] !== undefined
  );
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
