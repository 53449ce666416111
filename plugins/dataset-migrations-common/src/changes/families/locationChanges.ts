import { JsonValue } from '@backstage/types';
import { ContractServer } from '../../contracts/types';
import { changeBy } from '../changeBy';
import { matchBy } from '../matchBy';
import { Change } from '../types';

/** Parts of a server that do not say where the data is. */
const NOT_A_PLACE = new Set([
  'id',
  'description',
  'environment',
  'roles',
  'customProperties',
]);

/** Where the data is. A server that only has another name is the same place. */
export function locationChanges(
  from: ContractServer[],
  to: ContractServer[],
): Change[] {
  const { pairs, gone, added } = matchBy(from, to, [
    ({ server }) => server,
    server => JSON.stringify([...placeOf(server)].sort()),
  ]);
  return [
    ...gone.map(({ server }) =>
      changeBy('location-removed', {
        summary: `the server \`${server}\` is gone`,
      }),
    ),
    ...pairs.flatMap(pair =>
      differences(pair.from, pair.to).map(({ name, before, after }) =>
        changeBy(
          before === undefined ? 'location-stated' : 'location-changed',
          {
            summary: `${name} of the server \`${pair.from.server}\` is ${show(
              after,
            )} instead of ${show(before)}`,
          },
        ),
      ),
    ),
    ...added.map(({ server }) =>
      changeBy('location-added', {
        summary: `also on the server \`${server}\``,
      }),
    ),
  ];
}

function differences(
  from: ContractServer,
  to: ContractServer,
): Array<{ name: string; before: unknown; after: unknown }> {
  const [before, after] = [placeOf(from), placeOf(to)];
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names]
    .sort()
    .map(name => ({ name, before: before.get(name), after: after.get(name) }))
    .filter(part => JSON.stringify(part.before) !== JSON.stringify(part.after));
}

function placeOf(server: ContractServer): Map<string, JsonValue> {
  const place = Object.entries(server.properties)
    .filter(([name]) => !NOT_A_PLACE.has(name))
    // A port is the same as a number and as a text.
    .map(([name, value = null]): [string, JsonValue] => [
      name,
      typeof value === 'number' ? String(value) : value,
    ]);
  const type = server.type === 'postgresql' ? 'postgres' : server.type;
  return new Map([...place, ['type', type]]);
}

function show(value: unknown): string {
  return value === undefined ? 'not given' : JSON.stringify(value);
}
