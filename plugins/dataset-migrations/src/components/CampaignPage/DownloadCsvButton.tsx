import { useCallback } from 'react';
import { useApi } from '@backstage/core-plugin-api';
import Button from '@material-ui/core/Button';
import GetAppIcon from '@material-ui/icons/GetApp';
import { Campaign } from '@skein/backstage-plugin-dataset-migrations-common';
import { datasetMigrationsApiRef } from '../../api';
import { useAction } from '../../hooks/useAction';
import { saveFile } from '../../saveFile';
import { InlineError } from '../shared/InlineError';

/** Saves all datasets of a campaign, whatever is filtered, as a table for a spreadsheet. */
export function DownloadCsvButton(props: { campaign: Campaign }) {
  const { id, title } = props.campaign;
  const api = useApi(datasetMigrationsApiRef);
  const download = useAction(
    useCallback(async () => {
      const csv = await api.campaigns.getDatasetsCsv(id);
      saveFile(`${fileNameOf(title)}.csv`, 'text/csv', csv);
    }, [api, id, title]),
  );
  return (
    <>
      <Button
        variant="outlined"
        startIcon={<GetAppIcon />}
        disabled={download.running}
        onClick={() => download.run()}
      >
        Download CSV
      </Button>
      <InlineError error={download.error} />
    </>
  );
}

/** Letters and digits of any script; else one file system or another objects. */
function fileNameOf(title: string): string {
  return title.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '');
}
