import { JsonObject, JsonValue } from '@backstage/types';
import { DocumentProblem } from '../documents/problems';
import { enumerationOf } from './enumerationRule';
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
  return type && fieldOf(property, type, path, reading);
}

function fieldOf(
  property: JsonObject,
  type: FieldType,
  path: string,
  reading: Reading,
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
    enum: enumOf(property, path, reading.problems),
    classification: text(property.classification),
    description: text(property.description),
    unit: text(customProperty(property, 'unit')),
    references: referencesOf(property),
    properties:
      type.kind === 'json' ? insideOf(property, path, reading) : undefined,
    items:
      type.kind === 'array' && property.items
        ? itemOf(property.items as JsonObject, type.items, path, reading)
        : undefined,
  });
}

/**
 * What is read only to be compared must not make a contract invalid that engines
 * can work with.
 */
function comparing({ purpose, problems }: Reading): Reading {
  return {
    purpose: 'comparison',
    problems: purpose === 'comparison' ? problems : [],
  };
}

/** No engine looks into JSON. */
function insideOf(
  property: JsonObject,
  path: string,
  reading: Reading,
): Field[] | undefined {
  const items = (property.items ?? {}) as JsonObject;
  const properties = property.properties ?? items.properties;
  return Array.isArray(properties)
    ? readFields(
        properties as JsonObject[],
        `${path}.properties`,
        comparing(reading),
      )
    : undefined;
}

/** What is promised of each item of a list, if anything. */
function itemOf(
  items: JsonObject,
  type: FieldType,
  path: string,
  reading: Reading,
): Field | undefined {
  const named = { name: 'items', ...items };
  const item = fieldOf(named, type, `${path}.items`, comparing(reading));
  const isPromising =
    item.required ||
    item.unique ||
    (reading.purpose === 'comparison' && item.physicalType !== undefined) ||
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
    (property.logicalType ?? undefined) === undefined &&
    (property[part] ?? undefined) !== undefined
  );
}

/**
 * From the custom property `enum`, the property or option of that name, or a
 * quality rule that lists valid values.
 */
function enumOf(
  property: JsonObject,
  path: string,
  problems: DocumentProblem[],
): JsonValue[] | undefined {
  const custom = customProperty(property, 'enum');
  if (custom === undefined) {
    return (
      statedValues(property.enum) ??
      statedValues(
        (property.logicalTypeOptions as JsonObject | undefined)?.enum,
      ) ??
      validValuesOf(property)
    );
  }
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

/** Values, or objects that each have one, as later versions of the standard do. */
function statedValues(list: JsonValue | undefined): JsonValue[] | undefined {
  return Array.isArray(list) && list.length > 0
    ? list.map(item =>
        typeof item === 'object' && item !== null && !Array.isArray(item)
          ? item.value ?? null
          : item,
      )
    : undefined;
}

function validValuesOf(property: JsonObject): JsonValue[] | undefined {
  for (const rule of (property.quality ?? []) as JsonObject[]) {
    const values = enumerationOf(rule);
    if (values) {
      return values;
    }
  }
  return undefined;
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
