import { InputError } from '@backstage/errors';
import { JsonObject } from '@backstage/types';
import { Field } from '@skein/backstage-plugin-dataset-migrations-common';
import { CommandAgentSettings, FieldRule } from './settings';

/** The fields of one step, for one payload. */
export interface StepFields {
  /** What the program gets of a row. */
  reads: Field[];
  /** What it returns of a row. */
  writes: Field[];
}

/**
 * Applies what the configuration says of fields to a payload and to the fields
 * that a dataset has.
 *
 * @throws InputError naming the field, and the payload's property where that
 *   named it
 */
export function stepFields(
  settings: Pick<CommandAgentSettings, 'id' | 'reads' | 'writes'>,
  payload: JsonObject,
  fields: Field[],
): StepFields {
  const { id } = settings;
  const byName = new Map(fields.map(field => [field.name, field]));
  const reads = settings.reads.flatMap(rule =>
    namesOf(rule, payload).map(name => {
      const field = byName.get(name);
      if (!field) {
        throw new InputError(`${id}: ${said(rule)}there is no field '${name}'`);
      }
      return field;
    }),
  );
  const writes = settings.writes.flatMap(rule =>
    namesOf(rule, payload).map((name): Field => {
      const field = byName.get(name);
      const type = rule.type ?? field?.type;
      if (!type) {
        throw new InputError(
          `${id}: ${said(
            rule,
          )}there is no field '${name}', and nothing says which type a new one has`,
        );
      }
      return { name, required: false, unique: false, ...field, type };
    }),
  );
  return { reads: onceEach(reads, id), writes: onceEach(writes, id) };
}

function namesOf(rule: FieldRule, payload: JsonObject): string[] {
  if ('name' in rule) {
    return [rule.name];
  }
  const value = payload[rule.payload];
  return (Array.isArray(value) ? value : [value]).filter(
    (name): name is string => typeof name === 'string',
  );
}

function said(rule: FieldRule): string {
  return 'payload' in rule ? `payload.${rule.payload}: ` : '';
}

function onceEach(fields: Field[], id: string): Field[] {
  const names = fields.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new InputError(`${id}: the field '${twice}' is named twice`);
  }
  return fields;
}
