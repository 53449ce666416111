import { SchemaObject } from '../../contracts/types';
import { changeBy } from '../changeBy';
import { Change } from '../types';

/**
 * What becomes of the object itself.
 *
 * @param several - whether readers tell the fields of objects apart by the
 *   names that the contract gives these, which are nobody's business else
 */
export function objectChanges(
  pair: { from: SchemaObject; to: SchemaObject },
  several: boolean,
): Change[] {
  return [...renamed(pair, several), ...anotherKind(pair)];
}

function renamed(
  { from, to }: { from: SchemaObject; to: SchemaObject },
  several: boolean,
): Change[] {
  const names = (['physicalName', 'name'] as const).find(
    key => from[key] !== to[key],
  );
  if (!names || (names === 'name' && !several)) {
    return [];
  }
  return [
    changeBy('object-renamed', {
      summary: `\`${from[names]}\` is called \`${to[names]}\``,
    }),
  ];
}

/** Read by the same queries. */
const relations = new Set(['table', 'view', 'materialized view']);

function anotherKind({
  from,
  to,
}: {
  from: SchemaObject;
  to: SchemaObject;
}): Change[] {
  const [before, after] = [from, to].map(({ physicalType = 'table' }) =>
    physicalType.trim().toLocaleLowerCase('en-US').replaceAll('_', ' '),
  );
  const alike =
    before === after || (relations.has(before) && relations.has(after));
  return alike
    ? []
    : [
        changeBy('object-kind-changed', {
          summary: `is a ${after} instead of a ${before}`,
        }),
      ];
}
