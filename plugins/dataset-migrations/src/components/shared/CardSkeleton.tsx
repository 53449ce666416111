import { InfoCard } from '@backstage/core-components';
import Skeleton from '@material-ui/lab/Skeleton';

/** A card whose content is on its way. */
export function CardSkeleton(props: { title?: string; lines?: number }) {
  const { title, lines } = props;
  return (
    <InfoCard title={title}>
      <LinesSkeleton label={`Loading ${title ?? ''}`.trim()} lines={lines} />
    </InfoCard>
  );
}

/** Lines of text that are on their way. */
export function LinesSkeleton(props: { label: string; lines?: number }) {
  const { label, lines = 4 } = props;
  return (
    <div role="status" aria-label={label}>
      {Array.from({ length: lines }, (_, line) => (
        <Skeleton key={line} width={`${95 - ((line * 23) % 50)}%`} />
      ))}
    </div>
  );
}
