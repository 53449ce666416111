import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { makeStyles } from '@material-ui/core/styles';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'inline-block',
    marginTop: theme.spacing(1),
    '& a': { color: theme.page.fontColor, opacity: 0.9 },
  },
}));

/** From the header of a page to the dataset that it is about. */
export function BackToDataset(props: { datasetRef: string }) {
  return (
    <span className={useStyles().root}>
      <EntityRefLink
        entityRef={props.datasetRef}
        title="Back to the dataset"
        hideIcon
        disableTooltip
      />
    </span>
  );
}
