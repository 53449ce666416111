import {
  Engine,
  EngineRun,
} from '@skein/backstage-plugin-dataset-migrations-node';

/**
 * What the pipeline asks of an engine for one migration that goes well and takes
 * one job, in its order, without anything else that the pipeline does.
 *
 * @throws Error when the plan refuses, a row would not pass, or the copy is not
 *   as it must be
 */
export async function migrateDirectly(
  engine: Engine,
  run: EngineRun,
): Promise<void> {
  await engine.inspect(run.location);
  const { refusals } = await engine.plan(run);
  const { findings } = await engine.preflight({ ...run, samples: 0 });
  const reasons = [...refusals, ...findings.map(({ message }) => message)];
  if (reasons.length) throw new Error(reasons.join('; '));

  await engine.fence(run);
  await engine.phase(run);
  await engine.phase(run);
  await engine.prepare(run);

  await engine.phase(run);
  while (!(await engine.copyChunk(run)).done);

  await engine.phase(run);
  const { ok, mismatches } = await engine.verify(run);
  if (!ok) throw new Error(JSON.stringify(mismatches));

  await engine.phase(run);
  await engine.inspect(run.location);
  await engine.cutOver(run);
}
