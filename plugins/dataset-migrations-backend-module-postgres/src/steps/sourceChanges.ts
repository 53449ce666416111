import { SourceChangedError } from '@skein/backstage-plugin-dataset-migrations-node';
import { readHanging } from '../carry/readAttached';
import { remarkablePartitions } from '../carry/remarkablePartitions';
import { wasWritten } from '../control/writeFlags';
import { RunState } from '../control/runs';
import { sourceFlag } from '../control/flags';
import { RunContext } from '../RunContext';
import { changedAspects, fingerprint } from '../table/fingerprint';
import { layOut } from '../table/layout';
import { surroundingsOf } from '../table/obstacles';
import { Queryable, readTable } from '../table/readTable';

/**
 * Says how the source differs from what was prepared. Certain only while a lock
 * keeps writers out; before that, an early answer.
 */
export async function changeOfSource(
  session: Queryable,
  context: RunContext,
  state: RunState,
): Promise<string | undefined> {
  if (await wasWritten(session, sourceFlag(state))) {
    return state.identity ? 'was truncated' : 'was written';
  }
  const altered = changedAspects(
    state.fingerprint,
    await fingerprint(session, context.live),
  );
  return altered.length > 0 ? `was altered (${altered.join(', ')})` : undefined;
}

/**
 * What was made on the table since it was planned and cannot follow. Complete
 * only under a lock that keeps everybody out: nothing of it changes the table
 * itself.
 */
export async function newObstacles(
  session: Queryable,
  { run, place }: RunContext,
  { strategy, carried }: Pick<RunState, 'strategy' | 'carried'>,
): Promise<string[]> {
  const table = (await readTable(session, place))!;
  const layout = layOut(run.mapping, table);
  const { obstacles } = await surroundingsOf(session, table, {
    strategy,
    layout,
    policy: run.policy,
    mapping: run.mapping,
  });
  const hanging = await readHanging(
    session,
    table,
    await remarkablePartitions(session, table),
  );
  return [
    ...obstacles,
    ...hanging
      .map(({ attached }) => attached)
      .filter(({ name }) => !carried.names.old.includes(name))
      .map(
        ({ name }) =>
          `${name[0].toLocaleUpperCase('en-US')}${name.slice(
            1,
          )} was made after the migration was prepared; drop it, or begin anew to have it carried over.`,
      ),
  ];
}

/** @throws SourceChangedError with what each of the obstacles asks for */
export function refuseObstacles(
  { run: { location } }: RunContext,
  obstacles: string[],
): void {
  if (obstacles.length > 0) {
    throw new SourceChangedError(
      `${
        location.display
      } cannot be switched as it was planned; nothing was. ${obstacles.join(
        ' ',
      )}`,
    );
  }
}

/** @throws SourceChangedError */
export async function requireUnchangedSource(
  session: Queryable,
  context: RunContext,
  state: RunState,
): Promise<void> {
  const change = await changeOfSource(session, context, state);
  if (change) {
    const obstacles = await newObstacles(session, context, state);
    throw new SourceChangedError(
      `${
        context.run.location.display
      } ${change} since the migration began; nothing was switched. ${
        obstacles.join(' ') || 'Start it again when the table rests.'
      }`,
    );
  }
}
