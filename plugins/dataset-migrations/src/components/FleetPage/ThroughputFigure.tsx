import { formatPace } from '../../format/campaigns';
import { useQueueHistory } from '../../hooks/useQueueHistory';
import { QueueFigure } from '../shared/QueueFigure';
import { recentThroughput } from './throughput';

/** Migrations that end, over the last minutes. */
export function ThroughputFigure() {
  const { value: samples } = useQueueHistory(1);
  const perMinute = samples && recentThroughput(samples);
  return (
    <QueueFigure
      name="Migrations ended"
      value={perMinute === undefined ? '–' : formatPace(perMinute)}
      note="last 5 min"
    />
  );
}
