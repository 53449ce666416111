import { JsonObject } from '@backstage/types';
import { DocumentProblem } from '../documents/problems';
import { checkName, reportDuplicates } from './names';
import { readFields } from './readFields';
import { readOtherQuality } from './readOtherQuality';
import { readQuality } from './readQuality';
import { addObjectReferences } from './readReferences';
import { Reading } from './Reading';
import { SchemaObject } from './types';

/** All of them are locked and switched in one transaction. */
const MAX_OBJECTS = 50;

/** Of a file's name. A database that takes less says so when it is located. */
const MAX_PHYSICAL_NAME_BYTES = 255;

/**
 * Reads the schema objects of a contract that the JSON Schema has accepted.
 */
export function readObjects(
  document: JsonObject,
  reading: Reading,
): SchemaObject[] {
  const { problems } = reading;
  const objects = (document.schema ?? []) as JsonObject[];
  if (reading.purpose === 'migration') {
    if (objects.length === 0 || objects.length > MAX_OBJECTS) {
      problems.push({
        path: 'schema',
        message: `must hold 1 to ${MAX_OBJECTS} objects, each a table or a set of files`,
        value: `${objects.length} objects`,
      });
      return [];
    }
    objects.forEach((object, index) => checkNames(object, index, reading));
    if (objects.length > 1) {
      reportDots(objects, problems);
    }
    reportSharedPlaces(objects, problems);
  }
  reportDuplicates(objects, ['name', 'id'], 'schema', 'objects', problems);
  return objects.map((object, index) =>
    readObject(object, `schema[${index}]`, reading),
  );
}

function readObject(
  object: JsonObject,
  path: string,
  reading: Reading,
): SchemaObject {
  const properties = (object.properties ?? []) as JsonObject[];
  if (properties.length === 0 && reading.purpose === 'migration') {
    reading.problems.push({
      path: `${path}.properties`,
      message: 'must hold at least one property',
    });
  }
  const fields = readFields(properties, `${path}.properties`, reading);
  numberPrimaryKey(fields, properties);
  addObjectReferences(fields, object);
  const quality = readQuality(object, fields, path);
  const otherQuality = readOtherQuality(object, fields);
  return {
    ...(typeof object.id === 'string' ? { id: object.id } : {}),
    name: String(object.name),
    physicalName: physicalNameOf(object),
    ...physicalTypeOf(object),
    ...wordsOf(object),
    fields,
    ...(quality.length > 0 ? { quality } : {}),
    ...(otherQuality.length > 0 ? { otherQuality } : {}),
  };
}

function checkNames(object: JsonObject, index: number, reading: Reading): void {
  const path = `schema[${index}]`;
  checkName(String(object.name), `${path}.name`, reading);
  if (object.physicalName !== undefined) {
    checkName(
      physicalNameOf(object),
      `${path}.physicalName`,
      reading,
      MAX_PHYSICAL_NAME_BYTES,
    );
  }
}

/** The fields of several objects are named `object.field`. */
function reportDots(objects: JsonObject[], problems: DocumentProblem[]): void {
  objects.forEach(({ name }, index) => {
    if (String(name).includes('.')) {
      problems.push({
        path: `schema[${index}].name`,
        message:
          'must not contain a dot where there are several objects; physicalName may',
        value: name,
      });
    }
  });
}

function physicalTypeOf({ physicalType }: JsonObject): {
  physicalType?: string;
} {
  return typeof physicalType === 'string' ? { physicalType } : {};
}

function wordsOf(object: JsonObject): { description?: string } {
  const texts = ['businessName', 'description', 'dataGranularityDescription']
    .map(part => object[part])
    .filter(part => typeof part === 'string');
  return texts.length > 0 ? { description: texts.join('\n\n') } : {};
}

function physicalNameOf(object: JsonObject): string {
  return String(object.physicalName ?? object.name);
}

/** Two objects in one place would be migrated over each other. */
function reportSharedPlaces(
  objects: JsonObject[],
  problems: DocumentProblem[],
): void {
  objects.forEach((object, index) => {
    const name = physicalNameOf(object);
    const first = objects.findIndex(other => physicalNameOf(other) === name);
    if (first < index && objects[first].name !== object.name) {
      problems.push({
        path: `schema[${index}].physicalName`,
        message: `must differ from that of schema[${first}]`,
        value: name,
      });
    }
  });
}

/**
 * Positions from 1 without gaps: as `primaryKeyPosition` orders the fields of
 * the key, then in the order of the properties.
 */
function numberPrimaryKey(
  fields: SchemaObject['fields'],
  properties: JsonObject[],
): void {
  const positions = new Map<string, number>();
  for (const property of properties) {
    if (property.primaryKey === true) {
      const position = Number(property.primaryKeyPosition ?? -1);
      positions.set(String(property.name), position > 0 ? position : Infinity);
    }
  }
  fields
    .filter(field => positions.has(field.name))
    .sort((a, b) => {
      const [x, y] = [positions.get(a.name)!, positions.get(b.name)!];
      return x === y ? 0 : x - y;
    })
    .forEach((field, index) => {
      field.primaryKeyPosition = index + 1;
    });
}
