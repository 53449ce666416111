import {
  Campaign,
  CampaignDatasetState,
  campaignDatasetStates,
} from '@skein/backstage-plugin-dataset-migrations-common';

/** `3 waiting, 5 active, 92 succeeded` */
export function describeCounts(counts: Campaign['counts']): string {
  return (
    campaignDatasetStates
      .filter(state => counts[state] > 0)
      .map(state => `${counts[state]} ${state}`)
      .join(', ') || 'no datasets'
  );
}

/** What the dry run of a campaign says, for people. One text. */
export function describeDryRun({ total, counts, dryRun }: Campaign): string {
  if (!dryRun) {
    return `${total} datasets`;
  }
  const { breaking, verdicts, metadataOnly, rows, cycles } = dryRun;
  return [
    `Dry run of ${total} datasets: ${describeCounts(counts)}`,
    `- ${metadataOnly} need no copying; about ${Math.round(rows).toLocaleString(
      'en-US',
    )} rows are copied for the others`,
    `- ${breaking} would break somebody; consumers: ${verdicts.ready} ready, ${verdicts.breaks} break, ${verdicts.unknown} unknown`,
    ...cycles.map(refs => `- they depend on each other: ${refs.join(' → ')}`),
  ].join('\n');
}

const unsettled: readonly CampaignDatasetState[] = [
  'pending',
  'waiting',
  'active',
];

/** Whether nothing of it goes on until consumers are ready. */
export function isBlocked({ state, counts }: Campaign): boolean {
  return (
    state === 'running' &&
    counts.blocked > 0 &&
    unsettled.every(one => counts[one] === 0)
  );
}
