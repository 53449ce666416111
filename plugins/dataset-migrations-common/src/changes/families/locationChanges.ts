import { JsonObject } from '@backstage/types';
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
    (a, b) => a.server === b.server,
    (a, b) => differences(a, b).length === 0,
  ]);
  return [
    ...gone.map(({ server }) =>
      changeBy('location-removed', {
        summary: `the server \`${server}\` is gone`,
      }),
    ),
    ...pairs.flatMap(pair =>
      differences(pair.from, pair.to).map(({ name, before, after }) =>
        changeBy('location-changed', {
          summary: `${name} of the server \`${pair.from.server}\` is ${show(
            after,
          )} instead of ${show(before)}`,
        }),
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
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names]
    .sort()
    .filter(
      name => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
    )
    .map(name => ({ name, before: before[name], after: after[name] }));
}

function placeOf(server: ContractServer): JsonObject {
  const entries = Object.entries(server.properties).filter(
    ([name]) => !NOT_A_PLACE.has(name),
  );
  return { type: server.type, ...Object.fromEntries(entries) };
}

function show(value: unknown): string {
  return value === undefined ? 'not given' : JSON.stringify(value);
}
