import { ConflictError, InputError, NotAllowedError } from '@backstage/errors';
import {
  MigrationPlan,
  PreflightFinding,
  refusesMigration,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { displayOf, locationsOf } from '../database/locations';
import { aboutMigration } from '../permissions/rules';
import { blockers, breakingChangeError } from '../planning/judge';
import { judgeAnswered } from '../planning/judgeAnswered';
import { locatedParts } from '../planning/locatedParts';
import { planWithEngine } from '../planning/planWithEngine';
import { ResolvedPlan, resolvePlan } from '../planning/resolvePlan';
import { scanParts } from '../planning/scanParts';
import { assertNoDrift } from './assertNoDrift';
import { StageContext, StageFunction, StageOutcome } from './types';

/**
 * Derives the plan from what catalog and store say now, judges every consumer,
 * and scans the data for rows that would not pass. Changes no data.
 */
export const validate: StageFunction = async context => {
  const { deps, record, engine, carried } = context;
  const resolved = await resolveAnew(context);
  const { from, to } = resolved;
  await assertNoDrift(context);
  await assertStillAllowed(context, resolved.plan);

  const consumers =
    carried?.consumers ??
    (await deps.directory.refreshConsumers(record.datasetRef, {
      sources: true,
    }));
  const { plan, verdicts } = await judgeAnswered(deps.knex, {
    plan: resolved.plan,
    from,
    to,
    datasetRef: record.datasetRef,
    consumers,
    accepted: carried?.accepted,
    strict: deps.settings.strictConstraints,
  });
  const enginePlan = await planWithEngine(
    engine,
    locatedParts(resolved),
    record.policy,
  );
  const patch = {
    sourceContract: from,
    targetContract: to,
    plan,
    verdicts,
    enginePlan,
  };
  if (enginePlan.refusals.length) {
    return {
      kind: 'failed',
      patch,
      error: new InputError(enginePlan.refusals.join('; ')),
    };
  }

  const blocking = blockers(verdicts, record.override);
  if (record.policy === 'switch' && blocking.length) {
    return {
      kind: 'blocked',
      patch,
      error: breakingChangeError(blocking),
      announce: 'blocked',
    };
  }
  return { ...(await preflight(context, resolved)), patch };
};

async function resolveAnew({
  deps,
  record,
  carried,
}: StageContext): Promise<ResolvedPlan> {
  const dataset =
    carried?.dataset ??
    (await deps.directory.refreshDataset(record.datasetRef));
  if (dataset.currentVersion !== record.fromVersion) {
    throw new ConflictError(
      `${record.datasetRef} is at version ${dataset.currentVersion}, no longer at ${record.fromVersion}`,
    );
  }
  const resolved = await resolvePlan(
    dataset,
    record.toVersion,
    deps.agents,
    deps.grades,
  );
  const [held, found] = [record, resolved].map(located =>
    locationsOf(located).map(({ key }) => key),
  );
  if (held.join() !== found.join()) {
    throw new ConflictError(
      `The data of ${record.datasetRef} moved from ${displayOf(
        record,
      )} to ${displayOf(resolved)} since the migration was started`,
    );
  }
  return resolved;
}

/**
 * What was started may have become graver since, by an edit of a contract or of a
 * document: more than a policy lets who started it do.
 */
async function assertStillAllowed(
  { deps, record }: StageContext,
  { changes }: MigrationPlan,
): Promise<void> {
  const { datasetRef, initiator } = record;
  const now = aboutMigration(changes);
  const isGraver =
    aboutMigration(record.plan.changes).severity !==
    aboutMigration([...record.plan.changes, ...changes]).severity;
  if (
    isGraver &&
    !(initiator && (await deps.mayStillMigrate(initiator, datasetRef, now)))
  ) {
    throw new NotAllowedError(
      `Its changes are ${now.severity} by now, which ${
        initiator?.subject ?? record.startedBy
      } may not make; somebody who may has to retry it`,
    );
  }
}

async function preflight(
  { engine, signal }: StageContext,
  resolved: ResolvedPlan,
): Promise<StageOutcome> {
  const { rowsScanned, findings } = await scanParts(
    engine,
    locatedParts(resolved),
    // Values of rows are not kept, so none are asked for (G11).
    { signal, samples: 0 },
  );
  const refusals = findings.filter(refusesMigration);
  if (refusals.length) {
    return {
      kind: 'failed',
      error: new InputError(refusals.map(describeFinding).join('; ')),
    };
  }
  const passed = findings.length
    ? findings.map(describeFinding).join('; ')
    : 'all of them pass';
  return {
    kind: 'next',
    stage: 'lock',
    message:
      rowsScanned === 0
        ? 'There was no row that had to be scanned'
        : `Scanned ${rowsScanned} rows; ${passed}`,
  };
}

function describeFinding({ rows, field, message }: PreflightFinding): string {
  const where = field === undefined ? '' : `, field '${field}'`;
  return `${message} (${rows} ${rows === 1 ? 'row' : 'rows'}${where})`;
}
