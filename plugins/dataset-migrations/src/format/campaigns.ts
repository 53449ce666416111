import {
  CampaignAction,
  CampaignSelection,
  CampaignSummary,
  CampaignWaves,
  TimeWindow,
  Weekday,
  weekdays,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { formatQuantity } from './numbers';

export const weekdayNames: Record<Weekday, string> = {
  mon: 'Monday',
  tue: 'Tuesday',
  wed: 'Wednesday',
  thu: 'Thursday',
  fri: 'Friday',
  sat: 'Saturday',
  sun: 'Sunday',
};

export const campaignActionNames: Record<CampaignAction, string> = {
  start: 'Start campaign',
  pause: 'Pause',
  resume: 'Resume',
  cancel: 'Cancel campaign',
  'retry-failed': 'Retry failed',
};

/** One sentence on where a campaign stands; also what a screen reader announces. */
export function describeCampaign(campaign: CampaignSummary): string {
  const { state, total, counts } = campaign;
  switch (state) {
    case 'planning':
      return 'Dry run: selecting the datasets and planning each of them. Nothing is changed.';
    case 'planned':
      return `The dry run is done: ${formatQuantity(
        counts.waiting,
        'dataset',
      )} can be migrated. Nothing has been changed yet.`;
    case 'running':
      return describeRunning(campaign);
    case 'paused':
      return 'Paused: no more migrations are started. Those that run go on.';
    case 'cancelling':
      return 'Stopping the migrations that run, each at its next safe point.';
    case 'cancelled':
      return 'Cancelled. What had been migrated stays migrated.';
    case 'finished':
      return `Finished: ${formatQuantity(
        counts.succeeded,
        'dataset',
      )} of ${formatQuantity(total, 'dataset')} migrated and verified.`;
    case 'failed':
      return 'The datasets could not be selected. Nothing was changed.';
    default:
      return state;
  }
}

function describeRunning({ counts, opensAt }: CampaignSummary): string {
  if (counts.waiting === 0 && counts.active === 0 && counts.blocked > 0) {
    return `Nothing is left to start. ${formatQuantity(
      counts.blocked,
      'dataset',
    )} wait until their consumers are ready.`;
  }
  if (opensAt) {
    return 'Waiting for its window to open. What runs goes on.';
  }
  return counts.waiting > 0
    ? 'Starting migrations as fast as its limits and the fleet allow.'
    : 'All migrations are started; the last of them run.';
}

/** `Mon–Fri 22:00–04:00, Europe/Berlin`. */
export function formatWindow(window: TimeWindow): string {
  return `${formatDays(window.days)} ${window.from}–${window.to}, ${
    window.timeZone
  }`;
}

function formatDays(days: Weekday[] | undefined): string {
  if (!days || days.length === 0 || days.length === weekdays.length) {
    return 'Every day';
  }
  const positions = days.map(day => weekdays.indexOf(day)).sort();
  const short = positions.map(position =>
    weekdayNames[weekdays[position]].slice(0, 3),
  );
  const first = positions[0];
  const last = positions[positions.length - 1];
  const isRun = last - first === positions.length - 1 && positions.length > 2;
  return isRun ? `${short[0]}–${short[short.length - 1]}` : short.join(', ');
}

/** `100 first, then 10 %, 50 %, 100 %; at most 2 % may fail`. */
export function formatWaves(waves: CampaignWaves): string {
  const shares = waves.shares.map(formatShare).join(', ');
  return `${formatQuantity(
    waves.canary,
    'dataset',
  )} first, then ${shares}; at most ${formatShare(
    waves.maxFailureRate,
  )} may fail`;
}

/** `0.025` → `2.5 %`. */
export function formatShare(share: number): string {
  return `${Number((100 * share).toFixed(2))} %`;
}

/** What a campaign is about, in one line. */
export function formatSelection(selection: CampaignSelection): string {
  const { datasets, filter, query } = selection;
  if (datasets) {
    return `A list of ${formatQuantity(datasets.length, 'dataset')}`;
  }
  if (filter) {
    return [filter]
      .flat()
      .map(each =>
        Object.entries(each)
          .map(([key, values]) => `${key} = ${[values].flat().join(' or ')}`)
          .join(' and '),
      )
      .join(', or ');
  }
  const parts = [
    query?.search && `with “${query.search}”`,
    query?.owner && `of ${query.owner}`,
    query?.engine && `held by ${query.engine}`,
    query?.status && 'that have a new version',
  ].filter(Boolean);
  return ['Datasets', ...parts].join(' ');
}

/** `120/min`; below one a minute by the hour. */
export function formatPace(perMinute: number): string {
  if (perMinute > 0 && perMinute < 1) {
    return `${Number((perMinute * 60).toFixed(1))}/h`;
  }
  return `${Number(perMinute.toFixed(perMinute < 10 ? 1 : 0))}/min`;
}
