import { Change } from '../changes/types';
import { list, overlap } from './fieldNames';
import { LineageSilence } from './types';

/**
 * What the runs of a consumer's jobs say by what they did not read.
 *
 * @param silence - of runs that are known
 * @param breaking - the breaking changes, each of one field
 * @param isThere - whether one of the two versions has a field; one that none has may be
 *   what was called otherwise when the run was
 * @returns whether no run read a field that one of them touches, which is known only
 *   where lineage was live throughout; and a sentence that says it, or why not
 */
export function hearRuns(
  silence: LineageSilence,
  breaking: readonly Change[],
  isThere: (field: string) => boolean,
): { silent: boolean; sentence: string } {
  const { since, jobs, doubt, reads } = silence;
  const fields = [...new Set(breaking.map(({ from }) => from!))];
  const doubtful = (reason: string) => ({
    silent: false,
    sentence: `that no run read ${list(fields)} would prove nothing: ${reason}`,
  });
  if (doubt !== undefined) {
    return doubtful(doubt);
  }
  const read = reads.find(({ field }) =>
    fields.some(changed => overlap(field, changed)),
  );
  if (read) {
    return {
      silent: false,
      sentence: `a run of ${read.job} read \`${read.field}\` on ${read.on}`,
    };
  }
  const strange = reads.find(({ field }) => !isThere(field));
  if (strange) {
    const { field, job, on } = strange;
    return doubtful(
      `a run of ${job} read \`${field}\` on ${on}, which neither version has`,
    );
  }
  return {
    silent: true,
    sentence: `no run has read ${list(fields)} since ${since}, and ${lineageOf(
      jobs,
    )} was live throughout`,
  };
}

/**
 * What is known of the runs of a consumer's jobs, as a sentence for people: what they
 * read of late, or why that they do not read a field proves nothing.
 *
 * @public
 */
export function describeSilence({
  since,
  jobs,
  doubt,
  reads,
}: LineageSilence): string {
  if (doubt !== undefined) {
    return `what its runs do not read proves nothing: ${doubt}`;
  }
  const fields = reads.map(({ field }) => field);
  return `${lineageOf(jobs)} was live throughout since ${since}, and read ${
    fields.length > 0 ? `only ${list(fields)}` : 'no field'
  }`;
}

function lineageOf(jobs: number): string {
  return `lineage of its ${jobs === 1 ? 'job' : `${jobs} jobs`}`;
}
