import { Session } from '../connection/Session';
import { ident, qualified, WAIT_BRIEFLY } from '../connection/sql';
import { RunContext } from '../RunContext';
import { Layout } from '../table/layout';
import { TableDefinition } from '../table/TableDefinition';
import { asAltered } from './asAltered';
import { Attached, Statements } from './Attached';
import { Companion } from './companions';
import { readAttached } from './readAttached';

/** How everything on one of the two tables moves when they are switched. */
export type Moves = Pick<Statements, 'lock' | 'detach' | 'attach' | 'validate'>;

/** What hangs on a table, and how it goes to the new version and back. */
export interface Carried {
  /** In words; those of the old table, and those that the new one gets. */
  names: {
    old: string[];
    new: string[];
    /** Those of the new one that it has before it takes the old one's place. */
    made: string[];
  };
  old: Moves;
  new: Moves;
}

/** What is to be done with the shadow for what hangs on the table. */
export type Carrying = Pick<Statements, 'make' | 'finish'> & {
  carried: Carried;
};

/** Of a table on which nothing hangs. */
export const nothingCarried: Carried = {
  names: { old: [], new: [], made: [] },
  old: { lock: [], detach: [], attach: [], validate: [] },
  new: { lock: [], detach: [], attach: [], validate: [] },
};

/**
 * Reads what hangs on the live table, and works out every statement that the
 * way to the new version and back takes, so that under the lock of the switch
 * nothing is left but to run them.
 *
 * What is put on at the switch finds the new versions of the companions, too;
 * what is put on the shadow before does not.
 */
export async function planCarrying(
  session: Session,
  { live, shadow, next, old }: RunContext,
  table: TableDefinition,
  layout: Layout,
  companions: Companion[],
): Promise<Carrying> {
  const read = () => readAttached(session, table.oid);
  const now = await read();
  if (now.length === 0) {
    return { make: [], finish: [], carried: nothingCarried };
  }
  const altered = { table: live, layout };
  const then = await asAltered(session, [altered], read);
  const switched =
    companions.length === 0
      ? then
      : await asAltered(
          session,
          [
            altered,
            ...companions.map(other => ({
              table: qualified(other.place),
              layout: other.layout,
            })),
          ],
          read,
        );
  const places = {
    live,
    shadow,
    aside: ident(next),
    companions: companions.map(other => other.table.oid),
  };
  const { make, finish } = collect(then, places);
  return {
    make,
    finish,
    carried: {
      names: {
        old: now.map(({ name }) => name),
        new: then.map(({ name }) => name),
        made: then
          .filter(one => {
            const made = one.statements(places);
            return [...(made.make ?? []), ...(made.finish ?? [])].length > 0;
          })
          .map(({ name }) => name),
      },
      old: movesOf(collect(now, { ...places, aside: ident(old) })),
      new: movesOf(collect(switched, places)),
    },
  };
}

function collect(
  attached: Attached[],
  places: Parameters<Attached['statements']>[0],
): Statements {
  const all = attached.map(one => one.statements(places));
  return {
    make: all.flatMap(({ make }) => make ?? []),
    finish: all.flatMap(({ finish }) => finish ?? []),
    lock: all.flatMap(({ lock }) => lock ?? []),
    detach: all.flatMap(({ detach }) => detach ?? []),
    attach: all.flatMap(({ attach }) => attach ?? []),
    validate: all.flatMap(({ validate }) => validate ?? []),
  };
}

function movesOf({ lock, detach, attach, validate }: Statements): Moves {
  const [first, ...others] = lock;
  return {
    lock: first ? [first, WAIT_BRIEFLY, ...others] : [],
    detach,
    attach,
    validate,
  };
}
