import { InfoCard } from '@backstage/core-components';
import { isForbidden } from '../../errors';
import { useQueueHistory } from '../../hooks/useQueueHistory';
import { ErrorState } from '../shared/ErrorState';
import { LinesSkeleton } from '../shared/CardSkeleton';
import { StaleNotice } from '../shared/StaleNotice';
import { HistoryCharts } from './HistoryCharts';
import { RangeSwitch } from './RangeSwitch';
import { useHistoryRange } from './useHistoryRange';

/** The queue and what came out of it, over time. */
export function HistoryCard() {
  const { range, setRange } = useHistoryRange();
  const { value: samples, error, refresh } = useQueueHistory(range.hours);
  // The queue is for operators; others do without it.
  if (isForbidden(error)) {
    return null;
  }
  return (
    <InfoCard
      title="Queue over time"
      action={<RangeSwitch value={range} onChange={setRange} />}
    >
      {error && !samples && (
        <ErrorState
          error={error}
          what="the queue’s history"
          onRetry={refresh}
        />
      )}
      {!error && !samples && <LinesSkeleton label="Loading the history" />}
      {samples && (
        <>
          <StaleNotice error={error} onRetry={refresh} />
          <HistoryCharts samples={samples} range={range} />
        </>
      )}
    </InfoCard>
  );
}
