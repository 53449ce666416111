import { EngineRun } from '@skein/backstage-plugin-dataset-migrations-node';
import { PostgresEngine } from '../PostgresEngine';
import { Change, copy, World } from './world';

/** The runs of one migration of several tables, the first of which takes the others along. */
export async function runTogether(
  world: World,
  changes: Change[],
): Promise<EngineRun[]> {
  const runs: EngineRun[] = [];
  for (const change of changes) {
    runs.push(await world.run(change));
  }
  return runs.map(run => ({
    ...run,
    together: runs.filter(other => other !== run),
  }));
}

/** Everything up to the cut over of all of them. */
export async function copyTogether(
  engine: PostgresEngine,
  runs: EngineRun[],
): Promise<void> {
  for (const run of runs) {
    await copy(engine, run);
  }
  for (const run of runs) {
    expect(await engine.verify(run)).toMatchObject({ ok: true });
  }
}

export async function migrateTogether(
  engine: PostgresEngine,
  runs: EngineRun[],
): Promise<void> {
  await copyTogether(engine, runs);
  await engine.cutOver(runs[0]);
}
