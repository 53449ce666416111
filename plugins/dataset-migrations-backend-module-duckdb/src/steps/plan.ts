import { columnName } from '@skein/backstage-plugin-dataset-migrations-common';
import { access, constants, statfs } from 'fs/promises';
import { isError } from '@backstage/errors';
import {
  Engine,
  EnginePlan,
} from '@skein/backstage-plugin-dataset-migrations-node';
import { hasAgents } from '../agents/runSegments';
import { EngineContext } from '../EngineContext';
import { subfoldersWithData } from '../places/dataFiles';
import { overlaps } from '../places/overlaps';
import { partitionProblem, partitionsOf } from '../places/partitions';
import { Place } from '../places/Place';
import { resolvePlace } from '../places/resolvePlace';
import { QueryError } from '../process/QueryError';
import { Session } from '../process/Session';
import { currentVersion, Manifest } from '../publishing/manifest';
import { readManifest } from '../publishing/readManifest';
import {
  SourceFile,
  assertCurrent,
  sourceFiles,
} from '../publishing/sourceFiles';
import { nameProblems } from '../relations/nameProblems';
import { partitionFields } from '../relations/partitionFolders';
import { asideNotes, asideProblems } from '../quarantine/plan';
import { cutSource } from './cutSource';
import { fileRefusals } from './fileRefusals';

/**
 * Bytes of source that one thread copies and verifies in a second; measured with
 * flights-3m on a shared core.
 */
const BYTES_A_SECOND = { parquet: 9e6, csv: 25e6, ndjson: 20e6 };

type PlanRequest = Parameters<Engine['plan']>[0];

/**
 * Files are always written anew, beside the old ones. From metadata only: what
 * Parquet says of its rows, what the file system says of the rest.
 */
export async function plan(
  context: EngineContext,
  request: PlanRequest,
): Promise<EnginePlan> {
  const place = await resolvePlace(context.settings.roots, request.location);
  const manifest = await readManifest(place.state);
  const source = await sourceFiles(place, manifest);
  const bytes = source.reduce((sum, file) => sum + file.bytes, 0);
  const diskBytes = neededBytes(bytes, request);
  const refusals = [
    ...(await placeRefusals(place, manifest, source, request)),
    ...(await diskRefusals(place, diskBytes)),
    ...nameProblems(request.mapping.source),
    ...nameProblems(request.mapping.target),
    ...asideProblems(request.mapping),
  ];
  const base: EnginePlan = {
    strategy: 'shadow-copy',
    bytes,
    diskBytes,
    seconds: roughSeconds(place, bytes, context.settings.threads),
    notes: notes(place, manifest, source, request),
    refusals,
  };
  if (source.length === 0 || refusals.length > 0) {
    return base;
  }
  const signal = new AbortController().signal;
  const look = async (session: Session) => {
    try {
      const { chunks, rowsTotal, dialect, columns } = await cutSource(
        session,
        place,
        source,
        context.settings,
        { columns: true },
      );
      return {
        ...base,
        rows: rowsTotal,
        chunks: chunks.length,
        refusals: await fileRefusals(
          context,
          session,
          place,
          source,
          request.mapping,
          { dialect, columns },
        ),
      };
    } catch (error) {
      if (error instanceof QueryError) {
        const refusal = `The files cannot be read: ${error.message}`;
        return { ...base, refusals: [refusal] };
      }
      throw error;
    }
  };
  // Parquet says of itself what it holds, so that no row is read, and to open a process
  // for each of many datasets takes several times as long as to plan them.
  return place.format === 'parquet'
    ? context.pool.withSession(
        place.root.path,
        signal,
        look,
        'metadata',
        place.folder,
      )
    : context.pool.withSession(place.folder, signal, look);
}

async function placeRefusals(
  place: Place,
  manifest: Manifest | undefined,
  source: SourceFile[],
  { location, sourceContract }: PlanRequest,
): Promise<string[]> {
  const refusals: string[] = [];
  try {
    assertCurrent(manifest, sourceContract.version);
  } catch (error) {
    refusals.push(isError(error) ? error.message : String(error));
  }
  if (source.length === 0) {
    refusals.push(`${location.display} has no ${place.format} files`);
  }
  if (!currentVersion(manifest)) {
    for (const name of await subfoldersWithData(place)) {
      refusals.push(
        `The subfolder '${name}' holds files too, which the path does not name; use a pattern such as */*`,
      );
    }
  }
  const problem = partitionProblem(source.map(({ path }) => path));
  if (problem) {
    refusals.push(problem);
  }
  for (const other of await overlaps(place)) {
    refusals.push(`The same files were published as ${other}`);
  }
  return refusals;
}

/** Room for the copy: as the source is, and more of it for more fields. */
function neededBytes(bytes: number, { mapping }: PlanRequest): number {
  const { source, target } = mapping;
  const share = Math.max(1, target.length / Math.max(1, source.length));
  return Math.ceil(bytes * share);
}

/** A guess from the size alone, which is all that is known without a scan. */
function roughSeconds(
  { format }: Place,
  bytes: number,
  threads: number,
): number {
  return Math.ceil(bytes / (BYTES_A_SECOND[format] * threads));
}

async function diskRefusals(place: Place, bytes: number): Promise<string[]> {
  const refusals: string[] = [];
  await access(place.folder, constants.R_OK | constants.W_OK).catch(() => {
    refusals.push('The worker may not read and write where the files are');
  });
  const { bavail, bsize } = await statfs(place.folder);
  const free = bavail * bsize;
  if (bytes > free) {
    refusals.push(
      `The copy needs about ${megabytes(bytes)} and ${megabytes(
        free,
      )} are free where the files are`,
    );
  }
  return refusals;
}

function notes(
  place: Place,
  manifest: Manifest | undefined,
  source: SourceFile[],
  request: PlanRequest,
): string[] {
  const { policy, mapping } = request;
  const found = [
    'New files are written beside the old ones; readers see the one version or the other by the manifest, never a mixture.',
  ];
  if (!currentVersion(manifest)) {
    found.push(
      'After this first migration readers must find the files through the manifest; who reads the folder itself goes on to see the old version.',
    );
  }
  if (policy === 'coexist') {
    found.push('The old version stays what readers get who ask for none.');
  }
  found.push(...asideNotes(place, request));
  if (place.format !== 'parquet') {
    found.push('Each file is one chunk: a crash does at most one file again.');
  }
  const names = partitionsOf(source[0]?.path ?? '').map(({ name }) => name);
  const kept = partitionFields(mapping, names);
  if (kept.length < names.length) {
    found.push(
      kept.length === 0
        ? 'The new version is not partitioned.'
        : `The new version is partitioned by ${kept
            .map(({ field }) => columnName(field))
            .join(', ')} only.`,
    );
  }
  if (hasAgents(mapping)) {
    found.push(
      'Rows pass through an agent, in batches, and once more to verify.',
    );
  }
  return found;
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6)} MB`;
}
