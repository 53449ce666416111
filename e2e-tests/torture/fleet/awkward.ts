import { SmallDataset } from '../../many/smallDatasets';

/** What becomes of a dataset in a campaign of the torture. */
export type Fate = 'succeeds' | 'poisoned' | 'slow' | 'closed';

/** Those that come first in every campaign are the awkward ones. */
const fates: Fate[] = ['poisoned', 'poisoned', 'slow', 'closed', 'closed'];

export function fateOf(index: number): Fate {
  return fates[index] ?? 'succeeds';
}

/** What makes a dataset meet its fate, as far as it is about the dataset. */
export function awkward(index: number): Partial<SmallDataset> {
  switch (fateOf(index)) {
    case 'poisoned':
      return { poisoned: true };
    case 'closed':
      return { spec: { migrationWindows: [closedWindow(new Date())] } };
    default:
      return {};
  }
}

/** A window that opens long after any run. */
function closedWindow(now: Date) {
  const at = (hoursAhead: number) =>
    `${String((now.getUTCHours() + hoursAhead) % 24).padStart(2, '0')}:00`;
  return { from: at(11), to: at(12), timeZone: 'UTC' };
}
