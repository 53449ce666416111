import { randomUUID } from 'crypto';
import { InputError, isError } from '@backstage/errors';
import {
  EngineRun,
  SourceChangedError,
  VerificationError,
} from '@skein/backstage-plugin-dataset-migrations-node';
import { EngineContext } from '../EngineContext';
import { formatOf } from '../formats/formatOf';
import { partitionProblem } from '../places/partitions';
import { isMissing } from '../places/realPaths';
import { QueryError } from '../process/QueryError';
import { Session } from '../process/Session';
import { Manifest } from '../publishing/manifest';
import { nameSome, resolveFile } from '../publishing/manifestFiles';
import {
  DoneSlice,
  RunJournal,
  Slice,
  writtenOf,
} from '../publishing/RunJournal';
import {
  SourceFile,
  changedSources,
  describeSource,
  sourcePaths,
} from '../publishing/sourceFiles';
import { Relation } from '../relations/Relation';
import { checkWhole, hasWholeRules } from '../verification/contractChecks';
import { compareAside } from '../quarantine/compareAside';
import { writeAside } from '../quarantine/writeAside';
import { WrittenPart, comparePart, isEqual } from './comparePart';
import { openPart } from './openPart';
import { OpenRun } from './openRun';
import { orRemove } from './removeUnheld';
import { writePart } from './writePart';

/** How often the folder is looked through again for what came meanwhile. */
const ROUNDS = 10;

/**
 * The files that came since a run was prepared, and those among them that were
 * written again after they were brought over, in their order.
 */
export async function arrivedFiles(
  { place }: OpenRun,
  manifest: Manifest | undefined,
  journal: RunJournal,
): Promise<string[]> {
  const planned = new Set(journal.plan.source.map(file => file.path));
  const arrivals = await journal.arrivals();
  const brought = [...arrivals.values()].map(({ source }) => source);
  const again = new Set(await changedSources(place, brought));
  return (await sourcePaths(place, manifest)).filter(
    file => !planned.has(file) && (!arrivals.has(file) || again.has(file)),
  );
}

/**
 * Brings files that came later into the new version: each is written part by
 * part, read back, compared and only then journaled, so that a file that is
 * still being written counts for nothing.
 *
 * @returns the paths that wait, because somebody is writing them
 * @throws InputError for a file that does not fit the contract;
 *   VerificationError when a part is not what the mapping makes of the file
 */
export async function bringOver(
  context: EngineContext,
  open: OpenRun,
  run: EngineRun,
  journal: RunJournal,
  paths: string[],
): Promise<string[]> {
  if (paths.length === 0) {
    return [];
  }
  const { place, log } = open;
  const waiting: string[] = [];
  await context.pool.withSession(place.folder, run.signal, async session => {
    for (const name of paths) {
      const source = await describeOrNothing(open, name);
      if (!source) {
        continue;
      }
      const problem = partitionProblem([journal.plan.source[0].path, name]);
      if (problem) {
        throw new InputError(problem);
      }
      const slices = await attempt(() =>
        bringFile(context, session, open, run, journal, source),
      );
      const [changed] = await changedSources(place, [source]);
      if (changed !== undefined || slices === 'unreadable') {
        waiting.push(name);
        continue;
      }
      if (!Array.isArray(slices)) {
        throw slices;
      }
      await orRemove(context, place, writtenOf(slices), () =>
        log.hold(run.fence),
      );
      await journal.recordArrival({
        token: run.fence,
        source,
        chunks: slices.map(({ rows, part, aside }) => ({ rows, part, aside })),
      });
    }
  });
  return waiting;
}

/**
 * Brings everything over that came, and what comes while it does.
 *
 * @throws SourceChangedError when files come faster than that, or one is there
 *   that cannot be read yet
 */
export async function bringAllOver(
  context: EngineContext,
  open: OpenRun,
  run: EngineRun,
  manifest: Manifest | undefined,
  journal: RunJournal,
): Promise<void> {
  let arrived: string[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    arrived = await arrivedFiles(open, manifest, journal);
    if (arrived.length === 0) {
      return;
    }
    const waiting = await bringOver(context, open, run, journal, arrived);
    if (waiting.length > 0) {
      throw new SourceChangedError(
        `Files that came during the migration are still being written or cannot be read: ${nameSome(
          waiting,
        )}`,
      );
    }
  }
  throw new SourceChangedError(
    `Files come faster than they are migrated: ${nameSome(arrived)}`,
  );
}

async function bringFile(
  context: EngineContext,
  session: Session,
  open: OpenRun,
  run: EngineRun,
  journal: RunJournal,
  source: SourceFile,
): Promise<DoneSlice[] | 'unreadable'> {
  const { place } = open;
  const format = formatOf(place, journal.plan.dialect);
  const absolute = resolveFile(place.folder, source);
  if (source.bytes === 0 && place.format !== 'ndjson') {
    // Somebody has opened it to write; only lines of JSON can be none.
    return 'unreadable';
  }
  let ranges: Array<Slice['rows']>;
  try {
    await format.columns(session.query, absolute);
    const { chunks } = await format.cut(session.query, [absolute], {
      chunkRows: context.settings.chunkRows,
      lanes: 1,
    });
    ranges = chunks.map(({ rows }) => rows);
  } catch (error) {
    if (error instanceof QueryError) {
      return 'unreadable';
    }
    throw error;
  }
  const done: DoneSlice[] = [];
  const name = `late-${randomUUID()}`;
  for (const [index, rows] of ranges.entries()) {
    const slice = { source, rows };
    const title = `${source.path}, chunk ${index + 1}`;
    const wanted = { slice, format, name: `${name}-${index + 1}`, title };
    const written = {
      ...slice,
      part: await writePart(context, session, place, run, wanted),
      aside: await writeAside(context, session, place, run, wanted),
    };
    const bits = context.settings.checksumBits;
    const part = { slice: written, format, title, bits };
    await assertSame(session, open, run, part);
    done.push(written);
  }
  return done;
}

/** Holds a part against its slice and the contract, read back from disk. */
async function assertSame(
  session: Session,
  { place }: OpenRun,
  run: EngineRun,
  written: Pick<WrittenPart, 'format' | 'title' | 'bits'> & {
    slice: DoneSlice;
  },
): Promise<void> {
  const { query } = session;
  const { slice, format, title } = written;
  const relation = await openPart(query, place, format, run, slice.part);
  if (typeof relation === 'string') {
    throw new VerificationError(relation);
  }
  const part = { ...written, relation, work: title, sampled: true };
  const { source, target, mismatches, rules } = await comparePart(
    session,
    place,
    run,
    part,
  );
  const aside = run.mapping.setAside
    ? await compareAside(session, place, run, part, slice.aside, source.rows)
    : undefined;
  if (
    !isEqual(source, target) ||
    mismatches.length > 0 ||
    (aside && aside.mismatches.length > 0)
  ) {
    throw new VerificationError(
      `${title}, which came during the migration, is not what the mapping makes of it`,
    );
  }
  const broken = rules.filter(({ violations }) => violations > 0);
  if (broken.length > 0) {
    throw new VerificationError(
      `${title}, which came during the migration, breaks the contract: ${broken
        .map(({ rule, field }) => `${rule} of '${field}'`)
        .join(', ')}`,
    );
  }
}

/**
 * Holds the contract against all parts together, as a verification did before
 * the last of them came.
 *
 * @throws VerificationError naming the rules and fields
 */
export async function assertContract(
  context: EngineContext,
  { place }: OpenRun,
  run: EngineRun,
  journal: RunJournal,
): Promise<void> {
  const { targetContract } = run;
  if (!hasWholeRules(targetContract)) {
    return;
  }
  const format = formatOf(place, journal.plan.dialect);
  const parts = await journal.parts();
  const checks = await context.pool.withSession(
    place.folder,
    run.signal,
    async ({ query }) => {
      const relations: Relation[] = [];
      for (const part of parts) {
        const relation = await openPart(query, place, format, run, part);
        if (typeof relation === 'string') {
          throw new VerificationError(relation);
        }
        relations.push(relation);
      }
      return checkWhole(query, targetContract, relations);
    },
  );
  const broken = checks.filter(({ ok }) => !ok);
  if (broken.length > 0) {
    throw new VerificationError(
      `With the files that came during the migration, the new version would break its contract: ${broken
        .map(({ rule, field }) => (field ? `${rule} of '${field}'` : rule))
        .join(', ')}`,
    );
  }
}

/** Who wrote a file and took it away again wanted nothing of us. */
async function describeOrNothing(
  { place }: OpenRun,
  file: string,
): Promise<SourceFile | undefined> {
  try {
    return await describeSource(place, file);
  } catch (error) {
    if (isMissing(error)) {
      return undefined;
    }
    throw error;
  }
}

/** What went wrong may come from a file that was being written meanwhile. */
async function attempt<T>(work: () => Promise<T>): Promise<T | Error> {
  try {
    return await work();
  } catch (error) {
    const ofData = ['InputError', 'VerificationError'];
    if (isError(error) && ofData.includes(error.name)) {
      return error as Error;
    }
    throw error;
  }
}
