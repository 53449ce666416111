import { JsonObject, JsonValue } from '@backstage/types';
import { DocumentProblem } from '../../documents/problems';
import { convertServiceLevels } from './convertServiceLevels';
import { FieldConverter } from './convertFields';
import { Definitions } from './definitions';
import {
  isObject,
  listOf,
  objectsIn,
  present,
  valueOf,
  wordsOf,
} from './shapes';

/** Whether a document is of the older Data Contract Specification. */
export function isSpecification(document: JsonValue): document is JsonObject {
  return isObject(document) && document.dataContractSpecification !== undefined;
}

/**
 * Turns a document of the Data Contract Specification (up to 1.2) into one of
 * ODCS, as far as contracts are compared. What stores call types (`config`), and
 * all that is for people only, is left out.
 *
 * @param problems - receives what is wrong with the document
 * @returns undefined when anything is
 */
export function convertSpecification(
  document: JsonObject,
  problems: DocumentProblem[],
): JsonObject | undefined {
  const fields = new FieldConverter(
    new Definitions(document, problems),
    problems,
  );
  const schema = objectsIn(document.models, 'models', problems).map(
    ([name, model]) => convertModel(name, model, fields, problems),
  );
  const ofAll = documentQuality(document, problems);
  const info = isObject(document.info) ? document.info : {};
  const converted = {
    apiVersion: 'v3.1.0',
    kind: 'DataContract',
    id: document.id,
    name: info.title,
    version: info.version,
    status: info.status ?? 'active',
    ...(typeof info.description === 'string' && {
      description: { purpose: info.description },
    }),
    schema: schema.map(object => ({
      ...object,
      quality: [...(object.quality as JsonObject[]), ...ofAll],
    })),
    servers: objectsIn(document.servers, 'servers', problems).map(
      ([server, properties]) => ({ type: 'custom', ...properties, server }),
    ),
    slaProperties: convertServiceLevels(document.servicelevels, problems),
  };
  return problems.length > 0 ? undefined : present(converted);
}

function convertModel(
  name: string,
  model: JsonObject,
  fields: FieldConverter,
  problems: DocumentProblem[],
): JsonObject {
  const path = `models.${name}`;
  return present({
    name,
    physicalType: valueOf(model, 'type', 'string', path, problems) ?? 'table',
    description: wordsOf(model.description),
    properties: fields.convert(
      model.fields,
      `${path}.fields`,
      keyOf(model, path, problems),
    ),
    quality: listOf(model.quality, `${path}.quality`, problems),
  });
}

function keyOf(
  { primaryKey }: JsonObject,
  path: string,
  problems: DocumentProblem[],
): string[] {
  if (primaryKey === undefined || primaryKey === null) {
    return [];
  }
  const names = Array.isArray(primaryKey) ? primaryKey : [primaryKey];
  if (names.every(name => typeof name === 'string')) {
    return names;
  }
  problems.push({
    path: `${path}.primaryKey`,
    message: 'must be names of fields',
    value: primaryKey,
  });
  return [];
}

/**
 * Checks of the whole document, in the words of another tool; ODCS has them
 * under objects, so each has them.
 */
function documentQuality(
  { quality }: JsonObject,
  problems: DocumentProblem[],
): JsonObject[] {
  return listOf(quality, 'quality', problems).map(
    ({ type, specification }) => ({
      type: 'custom',
      engine: type,
      implementation: specification,
    }),
  );
}
