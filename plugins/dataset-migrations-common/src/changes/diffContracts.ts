import { JsonObject } from '@backstage/types';
import { objectMark } from '../contracts/objectMark';
import { fieldPrefix, hasSeveralObjects } from '../contracts/objects';
import { pairObjects } from '../contracts/pairObjects';
import {
  Contract,
  ContractServer,
  Field,
  SchemaObject,
} from '../contracts/types';
import { diffFields } from './diffFields';
import { Change } from './types';

/**
 * Every difference between two versions of a contract, with its effect on a
 * reader of the old one.
 *
 * @param renames - old name to new name, where a migration document says so, as
 *   changes name fields; those with the same stable id are matched without it
 * @throws InputError when an object is in one of the versions only
 * @public
 */
export function diffContracts(
  from: Contract,
  to: Contract,
  renames: ReadonlyMap<string, string> = new Map(),
): Change[] {
  const pairs = pairObjects(from, to);
  const several = hasSeveralObjects(from);
  return [
    ...pairs.flatMap(pair =>
      objectChanges(pair, several).map(change => ({
        ...objectMark(from, pair.from),
        ...change,
      })),
    ),
    ...locationChanges(from.servers, to.servers),
    ...pairs.flatMap(pair => {
      const prefix = {
        from: fieldPrefix(from, pair.from),
        to: fieldPrefix(to, pair.to),
      };
      const own = renamesWithin(renames, prefix);
      return [
        ...diffFields(pair.from.fields, pair.to.fields, own, prefix),
        ...primaryKeyChanges(pair.from.fields, pair.to.fields, own, prefix),
      ].map(change => ({ ...objectMark(from, pair.from), ...change }));
    }),
    ...descriptionChanges(from, to),
  ];
}

/** The renamed fields of one object, by their own names. */
function renamesWithin(
  renames: ReadonlyMap<string, string>,
  prefix: { from: string; to: string },
): ReadonlyMap<string, string> {
  return new Map(
    [...renames].flatMap(([from, to]) =>
      from.startsWith(prefix.from) && to.startsWith(prefix.to)
        ? [[from.slice(prefix.from.length), to.slice(prefix.to.length)]]
        : [],
    ),
  );
}

/**
 * @param several - whether readers tell the fields of objects apart by the
 *   names that the contract gives these, which are nobody's business else
 */
function objectChanges(
  pair: { from: SchemaObject; to: SchemaObject },
  several: boolean,
): Change[] {
  const names = (['physicalName', 'name'] as const).find(
    key => pair.from[key] !== pair.to[key],
  );
  if (!names || (names === 'name' && !several)) {
    return [];
  }
  return [
    {
      kind: 'object-renamed',
      effect: 'breaking',
      summary: `\`${pair.from[names]}\` is called \`${pair.to[names]}\``,
    },
  ];
}

/** Parts of a server that do not say where the data is. */
const NOT_A_PLACE = new Set([
  'id',
  'description',
  'environment',
  'roles',
  'customProperties',
]);

function placeOf(server: ContractServer): JsonObject {
  const entries = Object.entries(server.properties).filter(
    ([name]) => !NOT_A_PLACE.has(name),
  );
  return { type: server.type, ...Object.fromEntries(entries) };
}

function locationChanges(
  from: ContractServer[],
  to: ContractServer[],
): Change[] {
  const changes: Change[] = [];
  for (const server of from) {
    const other = to.find(item => item.server === server.server);
    if (!other) {
      changes.push({
        kind: 'location-changed',
        effect: 'breaking',
        summary: `the server \`${server.server}\` is gone`,
      });
      continue;
    }
    const [before, after] = [placeOf(server), placeOf(other)];
    const names = new Set([...Object.keys(before), ...Object.keys(after)]);
    for (const name of [...names].sort()) {
      if (JSON.stringify(before[name]) !== JSON.stringify(after[name])) {
        changes.push({
          kind: 'location-changed',
          effect: 'breaking',
          summary: `${name} of the server \`${server.server}\` is ${show(
            after[name],
          )} instead of ${show(before[name])}`,
        });
      }
    }
  }
  for (const server of to) {
    if (!from.some(item => item.server === server.server)) {
      changes.push({
        kind: 'location-changed',
        effect: 'compatible',
        summary: `also on the server \`${server.server}\``,
      });
    }
  }
  return changes;
}

function show(value: unknown): string {
  return value === undefined ? 'not given' : JSON.stringify(value);
}

function primaryKeyOf(fields: Field[]): Field[] {
  return fields
    .filter(field => field.primaryKeyPosition !== undefined)
    .sort((a, b) => a.primaryKeyPosition! - b.primaryKeyPosition!);
}

/**
 * One change for each field of the old key, so that it touches its readers and
 * nobody else. A key that only follows a renamed field is the same key.
 */
function primaryKeyChanges(
  from: Field[],
  to: Field[],
  renames: ReadonlyMap<string, string>,
  prefix: { from: string; to: string },
): Change[] {
  const newName = (field: Field) =>
    renames.get(field.name) ??
    to.find(item => item.id !== undefined && item.id === field.id)?.name ??
    field.name;
  const before = primaryKeyOf(from).map(newName);
  const after = primaryKeyOf(to).map(field => field.name);
  if (before.join('\n') === after.join('\n')) {
    return [];
  }
  const key =
    after.length === 0
      ? 'there is no primary key any more'
      : `the primary key is now ${after
          .map(name => `\`${prefix.to}${name}\``)
          .join(', ')}`;
  return before.length === 0
    ? [{ kind: 'primary-key-changed', effect: 'compatible', summary: key }]
    : primaryKeyOf(from).map((field, index) => ({
        kind: 'primary-key-changed',
        from: `${prefix.from}${field.name}`,
        to: `${prefix.to}${before[index]}`,
        effect: 'breaking',
        summary: key,
      }));
}

function descriptionChanges(from: Contract, to: Contract): Change[] {
  return from.description === to.description
    ? []
    : [
        {
          kind: 'description-changed',
          effect: 'compatible',
          summary: 'the dataset is described in other words',
        },
      ];
}
