import { Session } from '../connection/Session';
import { ident, WAIT_BRIEFLY } from '../connection/sql';
import { contextOfPartition, RunContext } from '../RunContext';
import { Layout } from '../table/layout';
import { TableDefinition } from '../table/TableDefinition';
import { asAltered } from './asAltered';
import { Places, Statements } from './Attached';
import { alterationOf, Companion, idsOfTrees } from './companions';
import { Hanging, readHanging } from './readAttached';
import { remarkablePartitions } from './remarkablePartitions';

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
  context: RunContext,
  table: TableDefinition,
  layout: Layout,
  companions: Companion[],
): Promise<Carrying> {
  const { live, next, old } = context;
  const partitions = await remarkablePartitions(session, table);
  const read = () => readHanging(session, table, partitions);
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
          [altered, ...companions.map(alterationOf)],
          read,
        );
  const ids = await idsOfTrees(session, [
    table,
    ...companions.map(companion => companion.table),
  ]);
  const going = { aside: next, switched: ids };
  const { make, finish } = collect(then, context, going);
  const names = (hanging: Hanging[]) =>
    hanging.map(({ attached }) => attached.name);
  return {
    make,
    finish,
    carried: {
      names: {
        old: names(now),
        new: names(then),
        made: names(
          then.filter(one => {
            const made = statementsOf(one, context, going);
            return [...(made.make ?? []), ...(made.finish ?? [])].length > 0;
          }),
        ),
      },
      old: movesOf(collect(now, context, { aside: old, switched: ids })),
      new: movesOf(collect(switched, context, going)),
    },
  };
}

/** Where things go. */
interface Going {
  /** Schema in which the table is while it does not have its name. */
  aside: string;
  switched: Places['switched'];
}

function statementsOf(
  { attached, on }: Hanging,
  context: RunContext,
  { aside, switched }: Going,
): Partial<Statements> {
  const { live, shadow } = contextOfPartition(context, on);
  return attached.statements({
    live,
    shadow,
    aside: ident(aside),
    switched,
  });
}

function collect(
  hanging: Hanging[],
  context: RunContext,
  going: Going,
): Statements {
  const all = hanging.map(one => statementsOf(one, context, going));
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
