import { Link } from '@backstage/core-components';
import Alert from '@material-ui/lab/Alert';
import AlertTitle from '@material-ui/lab/AlertTitle';
import { ComingVersion } from '@skein/backstage-plugin-dataset-migrations-common';
import { Concern, DatasetWithComing } from '../../format/coming';
import { formatQuantity } from '../../format/numbers';
import { formatDay } from '../../format/readiness';

/** What is said of so many coming versions. */
const titles: Record<Concern, (versions: string) => string> = {
  breaks: versions => `${versions} would break this entity`,
  unknown: versions =>
    `Whether ${versions} would break this entity is not known`,
  unplanned: versions => `There is no plan for ${versions}`,
};

/** Coming versions that are of one concern; nothing where there are none. */
export function ComingAlert(props: {
  concern: Concern;
  comings: DatasetWithComing[];
  /** Address of what is known of them. */
  tab: string;
}) {
  const { concern, comings, tab } = props;
  if (comings.length === 0) {
    return null;
  }
  return (
    <Alert severity={concern === 'breaks' ? 'warning' : 'info'}>
      <AlertTitle>
        {titles[concern](formatQuantity(comings.length, 'coming version'))}
      </AlertTitle>
      {comings.map(({ item: { dataset }, coming }) => (
        <div key={`${dataset.entityRef} ${coming.version}`}>
          <Link to={tab}>
            {dataset.title} {coming.version}
          </Link>
          {whatWaits(coming)}
        </div>
      ))}
    </Alert>
  );
}

function whatWaits({ migration }: ComingVersion): string {
  const parts = [
    migration?.state === 'blocked' && 'waits for you',
    migration?.deadline && `until ${formatDay(migration.deadline)}`,
  ].filter(Boolean);
  return parts.length > 0 ? `: ${parts.join(', ')}` : '';
}
