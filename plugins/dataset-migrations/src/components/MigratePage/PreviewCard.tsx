import { InfoCard } from '@backstage/core-components';
import Grid from '@material-ui/core/Grid';
import Skeleton from '@material-ui/lab/Skeleton';
import { Change } from '@skein/backstage-plugin-dataset-migrations-common';
import { isForbidden } from '../../errors';
import { usePreview } from '../../hooks/usePreview';
import { ErrorState } from '../shared/ErrorState';
import { ForbiddenState } from '../shared/ForbiddenState';
import { PreviewTable } from './PreviewTable';

/** Real rows before and after, side by side. */
export function PreviewCard(props: {
  datasetRef: string;
  targetVersion: string;
  changes: Change[];
}) {
  const { datasetRef, targetVersion, changes } = props;
  const { value, error, refresh } = usePreview(datasetRef, targetVersion);
  return (
    <InfoCard
      title="Preview"
      subheader="Real rows as they are and as they would be. Nothing is written or kept."
    >
      {error && !value && isForbidden(error) && (
        <ForbiddenState title="You may not see values of this dataset">
          The preview needs the permission dataset.data.read. Everything else on
          this page is made from metadata and needs no look at the data.
        </ForbiddenState>
      )}
      {error && !value && !isForbidden(error) && (
        <ErrorState error={error} what="the preview" onRetry={refresh} />
      )}
      {!error && !value && (
        <div role="status" aria-label="Loading the preview">
          <Skeleton variant="rect" height={220} />
        </div>
      )}
      {value && (
        <Grid container spacing={2}>
          <Grid item xs={12} lg={6}>
            <PreviewTable
              label="Before"
              columns={value.columnsBefore}
              rows={value.before}
              masked={value.maskedBefore}
              changed={names(changes, 'from')}
              tone="error"
            />
          </Grid>
          <Grid item xs={12} lg={6}>
            <PreviewTable
              label="After"
              columns={value.columnsAfter}
              rows={value.after}
              masked={value.maskedAfter}
              changed={names(changes, 'to')}
              tone="ok"
            />
          </Grid>
        </Grid>
      )}
    </InfoCard>
  );
}

function names(changes: Change[], side: 'from' | 'to'): string[] {
  return changes.flatMap(change => change[side] ?? []);
}
