import { InfoCard } from '@backstage/core-components';
import Grid from '@material-ui/core/Grid';
import Skeleton from '@material-ui/lab/Skeleton';
import {
  Change,
  ObjectPreview,
} from '@skein/backstage-plugin-dataset-migrations-common';
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
      {value &&
        [value, ...(value.further ?? [])].map(preview => (
          <ObjectRows
            key={preview.object ?? ''}
            preview={preview}
            changes={changes}
          />
        ))}
    </InfoCard>
  );
}

/** Rows of one schema object, under its name where there are several. */
function ObjectRows(props: { preview: ObjectPreview; changes: Change[] }) {
  const { preview, changes } = props;
  const { object } = preview;
  const label = (side: string) =>
    object === undefined ? side : `${object}, ${side.toLowerCase()}`;
  return (
    <Grid container spacing={2}>
      <Grid item xs={12} lg={6}>
        <PreviewTable
          label={label('Before')}
          columns={preview.columnsBefore}
          rows={preview.before}
          masked={preview.maskedBefore}
          changed={names(changes, 'from', object)}
          tone="error"
        />
      </Grid>
      <Grid item xs={12} lg={6}>
        <PreviewTable
          label={label('After')}
          columns={preview.columnsAfter}
          rows={preview.after}
          masked={preview.maskedAfter}
          changed={names(changes, 'to', object)}
          tone="ok"
        />
      </Grid>
    </Grid>
  );
}

/**
 * Fields that change, by their own names.
 *
 * @param object - as changes name it, where there are several
 */
function names(
  changes: Change[],
  side: 'from' | 'to',
  object: string | undefined,
): string[] {
  const own = changes.filter(change => change.object === object);
  const all = own.flatMap(change => change[side] ?? []);
  return object === undefined
    ? all
    : // The object's own name, which may be another one now, has no dot.
      all.map(name => name.slice(name.indexOf('.') + 1));
}
