import { isDeepStrictEqual } from 'node:util';
import { nearbyValues } from './nearbyValues';
import { RandomNumbers } from './randomNumbers';
import { contentWriter } from './sameContent';
import { AlterableField, AlterableRow, Alteration } from './types';

type Draw = {
  rows: readonly AlterableRow[];
  fields: readonly AlterableField[];
  random: RandomNumbers;
};

/** What is done to the content; undefined where the draw does not lend itself. */
type Kind = (draw: Draw) => AlterableRow[] | undefined;

function altered(
  rows: readonly AlterableRow[],
  ...changes: Array<[at: number, change: AlterableRow]>
): AlterableRow[] {
  const result = [...rows];
  for (const [at, change] of changes) {
    result[at] = { ...result[at], ...change };
  }
  return result;
}

/** Another value of a field: NULL for a value, a value for NULL, one nearby. */
function otherValue(
  { rows, random }: Draw,
  { name, type }: AlterableField,
  value: AlterableRow[string],
): AlterableRow[string] {
  if (value === null) {
    const present = rows.map(row => row[name]).filter(item => item !== null);
    return random.pick(present);
  }
  return random.pick([...nearbyValues(value, type), null]);
}

const oneValue: Kind = draw => {
  const field = draw.random.pick(draw.fields);
  const at = draw.random.below(draw.rows.length);
  const value = otherValue(draw, field, draw.rows[at][field.name]);
  return altered(draw.rows, [at, { [field.name]: value }]);
};

/** Adding to one row what is taken from another leaves a sum as it was. */
const compensated: Kind = ({ rows, fields, random }) => {
  const integers = fields.filter(({ type }) => type.kind === 'integer');
  const { name, type } = random.pick(integers);
  const [a, b] = random.positions(2, rows.length);
  const moved = (at: number, by: bigint) => {
    const value = rows[at][name];
    if (value === null) {
      return undefined;
    }
    // What the type cannot hold is not among the values nearby.
    const sum = `${BigInt(String(value)) + by}`;
    return nearbyValues(value, type).find(other => other === sum);
  };
  const [up, down] = [moved(a, 1n), moved(b, -1n)];
  return up === undefined || down === undefined
    ? undefined
    : altered(rows, [a, { [name]: up }], [b, { [name]: down }]);
};

/** An exclusive or would not notice the same change made twice. */
const twice: Kind = draw => {
  const { rows, random } = draw;
  const field = random.pick(draw.fields);
  const [a, b] = random.positions(2, rows.length);
  const value = otherValue(draw, field, rows[a][field.name]);
  return altered(
    rows,
    [a, { [field.name]: value }],
    [b, { [field.name]: value }],
  );
};

/** Values of one column go round between rows. */
function rotation(count: number): Kind {
  return ({ rows, fields, random }) => {
    const { name } = random.pick(fields);
    const at = random.positions(count, rows.length);
    return altered(
      rows,
      ...at.map((from, index): [number, AlterableRow] => [
        at[(index + 1) % count],
        { [name]: rows[from][name] },
      ]),
    );
  };
}

/** Two columns at once, so that the pair goes over whole. */
const exchangedPairs: Kind = ({ rows, fields, random }) => {
  const [x, y] = random
    .positions(2, fields.length)
    .map(index => fields[index].name);
  const [a, b] = random.positions(2, rows.length);
  const pair = (at: number) => ({ [x]: rows[at][x], [y]: rows[at][y] });
  return altered(rows, [a, pair(b)], [b, pair(a)]);
};

const exchangedColumns: Kind = ({ rows, fields, random }) => {
  const field = random.pick(fields);
  const alike = fields.filter(
    other => other !== field && isDeepStrictEqual(other.type, field.type),
  );
  if (alike.length === 0) {
    return undefined;
  }
  const [a, b] = [field.name, random.pick(alike).name];
  const at = random.below(rows.length);
  return altered(rows, [at, { [a]: rows[at][b], [b]: rows[at][a] }]);
};

const removedRow: Kind = ({ rows, random }) => {
  const gone = random.below(rows.length);
  return rows.filter((_, index) => index !== gone);
};

const doubledRow: Kind = ({ rows, random }) => [...rows, random.pick(rows)];

const replacedRow: Kind = ({ rows, random }) => {
  const [a, b] = random.positions(2, rows.length);
  return altered(rows, [a, rows[b]]);
};

/** With its weight: how often it is drawn for every draw of the rarest. */
const kinds: Array<[what: string, weight: number, kind: Kind]> = [
  ['one value is another', 12, oneValue],
  ['two rows exchange a value', 4, rotation(2)],
  ['three rows pass a value on', 1, rotation(3)],
  ['two rows exchange two values', 2, exchangedPairs],
  ['two columns exchange their values in a row', 2, exchangedColumns],
  ['a value goes up and another down', 1, compensated],
  ['two values become the same other one', 1, twice],
  ['a row is missing', 1, removedRow],
  ['a row is there twice', 1, doubledRow],
  ['a row is there twice and another missing', 1, replacedRow],
];

const drawn = kinds.flatMap(([what, weight, kind]) =>
  Array.from({ length: weight }, () => ({ what, kind })),
);

/**
 * Alterations of a table's content that a verification must notice, every one:
 * the result holds other rows than the original, as `sameContent` says, and the
 * order of the rows that stay is kept.
 *
 * @param options.seed - the same seed gives the same alterations
 * @public
 */
export function* contentAlterations(
  fields: readonly AlterableField[],
  rows: readonly AlterableRow[],
  options: { seed: number; count: number },
): Iterable<Alteration> {
  const random = new RandomNumbers(options.seed);
  const written = contentWriter(fields);
  const original = written(rows);
  let made = 0;
  while (made < options.count) {
    const { what, kind } = random.pick(drawn);
    const result = kind({ rows, fields, random });
    if (result && written(result) !== original) {
      made += 1;
      yield { what, rows: result };
    }
  }
}
