import { InfoCard } from '@backstage/core-components';
import Skeleton from '@material-ui/lab/Skeleton';

/** A card whose content is on its way. */
export function CardSkeleton(props: { title?: string; lines?: number }) {
  const { title, lines = 4 } = props;
  return (
    <InfoCard title={title}>
      <div role="status" aria-label={`Loading ${title ?? ''}`.trim()}>
        {Array.from({ length: lines }, (_, line) => (
          <Skeleton key={line} width={`${95 - ((line * 23) % 50)}%`} />
        ))}
      </div>
    </InfoCard>
  );
}
