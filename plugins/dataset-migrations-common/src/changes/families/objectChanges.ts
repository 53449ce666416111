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
  return [
    ...renamed(pair, several),
    ...anotherKind(pair),
    ...(pair.from.description === pair.to.description
      ? []
      : [
          changeBy('description-changed', {
            summary: `\`${pair.from.name}\` is described in other words`,
          }),
        ]),
  ];
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
  if (from.physicalType === undefined && to.physicalType !== undefined) {
    return relations.has(kindOf(to))
      ? []
      : [
          changeBy('object-kind-stated', {
            summary: `is said to be a ${kindOf(to)}`,
          }),
        ];
  }
  const [before, after] = [from, to].map(kindOf);
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

function kindOf({ physicalType = 'table' }: SchemaObject): string {
  return physicalType.trim().toLocaleLowerCase('en-US').replaceAll('_', ' ');
}
