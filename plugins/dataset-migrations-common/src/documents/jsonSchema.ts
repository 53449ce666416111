import { JsonObject, JsonValue } from '@backstage/types';
import Ajv2019 from 'ajv/dist/2019';
import Ajv2020 from 'ajv/dist/2020';
import { ErrorObject, ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { DocumentProblem } from './problems';

/** Checks a value; an empty answer means that it is valid. @public */
export type JsonSchemaCheck = (value: JsonValue) => DocumentProblem[];

/**
 * Compiles a JSON Schema. Draft 2019-09 where the schema says so, 2020-12
 * otherwise.
 *
 * @throws Error when the schema itself is not valid
 * @public
 */
export function compileJsonSchema(schema: JsonObject): JsonSchemaCheck {
  const options = { allErrors: true, strict: false, verbose: true };
  const ajv = String(schema.$schema).includes('2019-09')
    ? new Ajv2019(options)
    : new Ajv2020(options);
  // The full expressions of some formats backtrack for very long on bad input.
  addFormats(ajv, { mode: 'fast' });
  const validate: ValidateFunction = ajv.compile(schema);
  return value => {
    if (validate(value)) {
      return [];
    }
    return tellingErrors(validate.errors ?? []).map(toProblem);
  };
}

/**
 * The same for a schema of ours, which is known to be valid: it is compiled when
 * the first value is checked. Large ones take as long as all else that is loaded
 * with them.
 */
export function compileWhenUsed(schema: JsonObject): JsonSchemaCheck {
  let check: JsonSchemaCheck | undefined;
  return value => {
    check ??= compileJsonSchema(schema);
    return check(value);
  };
}

const COMBINERS = new Set(['if', 'anyOf', 'oneOf', 'allOf', 'not']);

/**
 * Leaves out errors that only repeat others: a combiner whose branches have
 * said why, and "unevaluated properties", which a failed branch always causes.
 */
function tellingErrors(all: ErrorObject[]): ErrorObject[] {
  const choices = all.filter(choiceOf);
  const isIn = (error: ErrorObject, choice: ErrorObject) =>
    error.schemaPath.startsWith(`${choice.schemaPath}/`) &&
    isAtOrBelow(error.instancePath, choice.instancePath);
  // That each of the properties is missing is said once, by the choice.
  const errors = all.filter(
    error =>
      error.keyword !== 'required' ||
      !choices.some(choice => isIn(error, choice)),
  );
  const plain = errors.filter(error =>
    choices.includes(error)
      ? !errors.some(other => isIn(other, error))
      : !COMBINERS.has(error.keyword) &&
        error.keyword !== 'unevaluatedProperties',
  );
  const explained = (error: ErrorObject) =>
    plain.some(other => isAtOrBelow(other.instancePath, error.instancePath));
  return errors.filter(error => plain.includes(error) || !explained(error));
}

/** The properties of which a `oneOf` asks for one, if that is what it does. */
function choiceOf({ keyword, schema }: ErrorObject): string[] | undefined {
  if (keyword !== 'oneOf') {
    return undefined;
  }
  const names = (schema as JsonObject[]).map(soleRequired);
  return names.some(name => name === undefined)
    ? undefined
    : (names as string[]);
}

/** The property that a `not` forbids, if that is what it does. */
function unwantedOf({ keyword, schema }: ErrorObject): string | undefined {
  return keyword === 'not' ? soleRequired(schema as JsonObject) : undefined;
}

function soleRequired({ required }: JsonObject): string | undefined {
  return Array.isArray(required) && required.length === 1
    ? String(required[0])
    : undefined;
}

function isAtOrBelow(path: string, ancestor: string): boolean {
  return path === ancestor || path.startsWith(`${ancestor}/`);
}

function toProblem(error: ErrorObject): DocumentProblem {
  const path = toPath(error.instancePath);
  const choice = choiceOf(error);
  if (choice) {
    return { path, message: `must have exactly one of ${choice.join(', ')}` };
  }
  const unwanted = unwantedOf(error);
  if (unwanted !== undefined) {
    return {
      path: join(path, unwanted),
      message: 'must not be here',
      value: (error.data as JsonObject)[unwanted],
    };
  }
  switch (error.keyword) {
    case 'required':
      return {
        path: join(path, error.params.missingProperty),
        message: 'is required',
      };
    case 'additionalProperties':
    case 'unevaluatedProperties': {
      const name =
        error.params.additionalProperty ?? error.params.unevaluatedProperty;
      return { path: join(path, name), message: 'is not a known property' };
    }
    case 'enum':
      return {
        path,
        message: `must be one of ${error.params.allowedValues.join(', ')}`,
        value: error.data as JsonValue,
      };
    case 'const':
      return {
        path,
        message: `must be ${JSON.stringify(error.params.allowedValue)}`,
        value: error.data as JsonValue,
      };
    default:
      return {
        path,
        message: error.message ?? `breaks the rule ${error.keyword}`,
        value: error.data as JsonValue,
      };
  }
}

function join(path: string, name: string): string {
  return path ? `${path}.${name}` : name;
}

/** `/schema/0/properties` becomes `schema[0].properties`. */
function toPath(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map(part => part.replace(/~1/g, '/').replace(/~0/g, '~'))
    .reduce(
      (path, part) =>
        /^\d+$/.test(part) ? `${path}[${part}]` : join(path, part),
      '',
    );
}
